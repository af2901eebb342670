// Finds a model as loadModel does, fetching it where need be, and prints where it is: { folder, id, revision, source }.

const { resolveModel } = await import(new URL('../../../dist/src/index.js', import.meta.url).href);
console.log(JSON.stringify(await resolveModel(process.argv[2] ?? '')));

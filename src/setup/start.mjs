// npm start: sets up what is missing, then opens JupyterLab on notebooks/. Options after -- go to JupyterLab:
//
//   npm start -- --no-browser --port 9000

import './node-version.mjs';

const { command } = await import('./problem.mjs');
const { prepare } = await import('./prepare.mjs');
const { askedPort, choosePort } = await import('./port.mjs');
const { runLab } = await import('./lab.mjs');

await command(async () => {
  const options = process.argv.slice(2);
  const asked = askedPort(options);
  // Before minutes of set-up, and again after: it may have been taken meanwhile.
  if (asked !== undefined) await choosePort(asked);
  await prepare();
  const port = await choosePort(asked);
  console.log(`\nOpening JupyterLab on port ${port}. Press Ctrl-C here to end it.\n`);
  return runLab(asked === undefined ? [`--port=${port}`, ...options] : options);
});

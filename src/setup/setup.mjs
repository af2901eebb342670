// npm run setup: everything that npm start does, except that JupyterLab is not opened.

import './node-version.mjs';

const { command } = await import('./problem.mjs');
const { prepare } = await import('./prepare.mjs');

await command(async () => {
  await prepare();
  console.log('Everything is there. `npm start` opens JupyterLab; it works offline from now on.');
  return 0;
});

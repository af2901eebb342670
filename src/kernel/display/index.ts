// Showing things in notebooks: `import { display, html } from 'model-types/display'`.

export { Display, display, type ShowOptions } from './api.js';
export { Content, gif, html, javascript, jpeg, json, latex, type Markup, markdown, md, png, svg } from './content.js';
export { type DisplayOptions, displayOptions } from './options.js';
export { clearOutput } from './publish.js';

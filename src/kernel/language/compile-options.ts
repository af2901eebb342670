// Which of a tsconfig's compiler options change how a cell runs, in the form in which esbuild takes them.

/** `compilerOptions` of a tsconfig.json, `extends` resolved; options that change nothing at run time are ignored. */
export interface CompilerOptions {
  readonly jsx?: string;
  readonly jsxFactory?: string;
  readonly jsxFragmentFactory?: string;
  readonly jsxImportSource?: string;
  readonly experimentalDecorators?: boolean;
  readonly emitDecoratorMetadata?: boolean;
  readonly useDefineForClassFields?: boolean;
  readonly target?: string;
  readonly [other: string]: unknown;
}

/** Whether cells may contain JSX: where the tsconfig says how. */
export function allowsJsx(options: CompilerOptions): boolean {
  return typeof options.jsx === 'string' && options.jsx.toLowerCase() !== 'none';
}

/** Whether decorators are to be told the types of what they decorate. */
export function tellsTypes(options: CompilerOptions): boolean {
  return options.experimentalDecorators === true && options.emitDecoratorMetadata === true;
}

/** What esbuild's `tsconfigRaw` wants. */
export function esbuildOptions(options: CompilerOptions): Record<string, string | boolean> {
  const chosen: Record<string, string | boolean> = {
    // Imports stay, used or not: a later cell may use them.
    verbatimModuleSyntax: true,
  };
  const passedOn = [
    'jsxFactory',
    'jsxFragmentFactory',
    'jsxImportSource',
    'experimentalDecorators',
    'useDefineForClassFields',
    'target',
  ];
  for (const key of passedOn) {
    const value = options[key];
    if (typeof value === 'string' || typeof value === 'boolean') chosen[key] = value;
  }
  // JSX that is to be preserved must be turned into calls all the same: nobody comes after us.
  const jsx = options.jsx?.toLowerCase();
  if (jsx !== undefined) chosen.jsx = jsx === 'preserve' || jsx === 'react-native' ? 'react-jsx' : jsx;
  return chosen;
}

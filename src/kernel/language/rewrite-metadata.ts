// emitDecoratorMetadata, which esbuild does not know: decorated classes and members tell their types to `Reflect.metadata`,
// where somebody has put that, as libraries for dependency injection and validation want it.
//
//   @field name: string    =>    @field @(/* tells 'design:type' */) name: string
//
// As the compiler that sees one file does: a name that is no class at run time counts as Object.

import { children, type Node, type Syntax } from './parse.js';
import type { Edits } from './rewrite-edits.js';

type ClassNode = Extract<Node, { type: 'ClassDeclaration' | 'ClassExpression' }>;
type Member = ClassNode['body']['body'][number];

/** Adds the decorators that tell types. Only for cells under `experimentalDecorators`. */
export function tellTypes(edits: Edits, syntax: Syntax): void {
  const visit = (node: Node): void => {
    if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') tellClass(edits, node);
    for (const child of children(node)) visit(child);
  };
  visit(syntax.program);
}

function tellClass(edits: Edits, node: ClassNode): void {
  const builder = node.body.body.find((member) => member.type === 'ClassMethod' && member.kind === 'constructor');
  const parameters = builder?.type === 'ClassMethod' ? builder.params : [];
  if (decoratorsOf(node).length > 0 || parameters.some(isDecorated)) {
    if (builder) add(edits, node, [['design:paramtypes', list(parameters)]]);
  }
  for (const member of node.body.body) {
    const facts = factsOf(member);
    if (facts.length > 0) add(edits, member, facts);
  }
}

type Fact = readonly [key: string, value: string];

function factsOf(member: Member): Fact[] {
  const decorated = decoratorsOf(member).length > 0;
  switch (member.type) {
    case 'ClassProperty':
    case 'ClassAccessorProperty':
      return decorated ? [['design:type', annotated(member)]] : [];
    case 'ClassMethod': {
      if (member.kind === 'constructor' || !(decorated || member.params.some(isDecorated))) return [];
      const parameters: Fact = ['design:paramtypes', list(member.params)];
      if (member.kind === 'get')
        return [
          ['design:type', typeName(member.returnType)],
          ['design:paramtypes', '[]'],
        ];
      if (member.kind === 'set') return [['design:type', annotated(member.params[0])], parameters];
      const given = member.returnType ? typeName(member.returnType) : member.async ? 'Promise' : 'void 0';
      return [['design:type', 'Function'], parameters, ['design:returntype', given]];
    }
    default:
      return [];
  }
}

function add(edits: Edits, node: Node, facts: readonly Fact[]): void {
  const at = decoratorsOf(node).at(-1)?.end ?? node.start ?? 0;
  const told = facts.map(
    ([key, value]) => ` @((target: any, name?: any) => (Reflect as any).metadata?.("${key}", ${value})(target, name))`,
  );
  edits.open(at, `${told.join('')} `);
}

function decoratorsOf(node: Node): readonly Node[] {
  return ('decorators' in node ? (node.decorators as readonly Node[] | null | undefined) : undefined) ?? [];
}

function isDecorated(parameter: Node): boolean {
  return decoratorsOf(parameter).length > 0;
}

function list(parameters: readonly Node[]): string {
  // A parameter called `this` is a type's own.
  const real = parameters.filter((each) => !(each.type === 'Identifier' && each.name === 'this'));
  return `[${real.map(annotated).join(', ')}]`;
}

/** The type a parameter or property is annotated with. */
function annotated(node: Node | undefined): string {
  switch (node?.type) {
    case 'TSParameterProperty':
      return annotated(node.parameter);
    case 'AssignmentPattern':
      return annotated(node.left);
    case 'RestElement': {
      const type = typeOf(node.typeAnnotation);
      return type?.type === 'TSArrayType' ? nameOf(type.elementType) : 'Object';
    }
    default:
      return typeName(node && 'typeAnnotation' in node ? (node.typeAnnotation as Node | null | undefined) : undefined);
  }
}

function typeOf(annotation: Node | null | undefined): Node | undefined {
  return annotation?.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : undefined;
}

function typeName(annotation: Node | null | undefined): string {
  const type = typeOf(annotation);
  return type ? nameOf(type) : 'Object';
}

const keywords: Readonly<Record<string, string>> = {
  TSStringKeyword: 'String',
  TSTemplateLiteralType: 'String',
  TSNumberKeyword: 'Number',
  TSBooleanKeyword: 'Boolean',
  TSTypePredicate: 'Boolean',
  TSBigIntKeyword: 'BigInt',
  TSSymbolKeyword: 'Symbol',
  TSVoidKeyword: 'void 0',
  TSUndefinedKeyword: 'void 0',
  TSNullKeyword: 'void 0',
  TSNeverKeyword: 'void 0',
  TSFunctionType: 'Function',
  TSConstructorType: 'Function',
  TSArrayType: 'Array',
  TSTupleType: 'Array',
};
const literals: Readonly<Record<string, string>> = {
  StringLiteral: 'String',
  TemplateLiteral: 'String',
  NumericLiteral: 'Number',
  UnaryExpression: 'Number',
  BooleanLiteral: 'Boolean',
  BigIntLiteral: 'BigInt',
};

/** What stands for a type at run time, as an expression. */
function nameOf(type: Node): string {
  switch (type.type) {
    case 'TSParenthesizedType':
      return nameOf(type.typeAnnotation);
    case 'TSTypeOperator':
      return type.operator === 'readonly' ? nameOf(type.typeAnnotation) : 'Object';
    case 'TSLiteralType':
      return literals[type.literal.type] ?? 'Object';
    case 'TSUnionType':
    case 'TSIntersectionType': {
      const names = new Set(type.types.map(nameOf).filter((name) => name !== 'void 0'));
      return names.size === 1 ? ([...names][0] as string) : 'Object';
    }
    case 'TSTypeReference':
      return referenceOf(type.typeName);
    default:
      return keywords[type.type] ?? 'Object';
  }
}

function referenceOf(name: Node): string {
  const parts: string[] = [];
  let rest = name;
  for (; rest.type === 'TSQualifiedName'; rest = rest.left) parts.unshift(rest.right.name);
  if (rest.type !== 'Identifier') return 'Object';
  if (parts.length === 0) {
    if (rest.name === 'ReadonlyArray') return 'Array';
    return `(typeof ${rest.name} === "function" ? ${rest.name} : Object)`;
  }
  const path = [rest.name, ...parts].join('?.');
  return `(typeof ${rest.name} !== "undefined" && typeof ${path} === "function" ? ${path} : Object)`;
}

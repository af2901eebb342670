// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells are text in which these are meant literally
import { expect, test } from 'vitest';
import { cellNames, mentions } from '../../../src/kernel/language/names.js';

function values(source: string): Record<string, string> {
  return Object.fromEntries(cellNames(source, false).values.map(({ name, kind }) => [name, kind]));
}

test('variables, also those taken apart', () => {
  expect(values('const a = 1, { b, c: [d, ...e], f: { g = 1 }, ...h } = x; let [i, , j = 2] = y; var k')).toEqual({
    a: 'const',
    b: 'const',
    d: 'const',
    e: 'const',
    g: 'const',
    h: 'const',
    i: 'let',
    j: 'let',
    k: 'var',
  });
});

test('var wherever it stands, but not in functions', () => {
  const source =
    'if (x) { var a = 1 } else var b; for (var c = 0;;) { var d } for (var e of f) ; for (var { g } in h) ; do { var i } while (0); try { var j } catch { var k } finally { var l } switch (m) { case 1: var n } o: { var p }\nfunction q() { var no1 }; (() => { var no2 })(); class R { m() { var no3 } }';
  expect(values(source)).toEqual({
    a: 'var',
    b: 'var',
    c: 'var',
    d: 'var',
    e: 'var',
    g: 'var',
    i: 'var',
    j: 'var',
    k: 'var',
    l: 'var',
    n: 'var',
    p: 'var',
    q: 'function',
    R: 'class',
  });
});

test('blocks and loops keep their own', () => {
  expect(
    values(
      '{ let a; const b = 1; class C {} function d() {} } for (let e = 0; e < 1; e++) ; for (const f of g) ; try {} catch (h) {}',
    ),
  ).toEqual({});
});

test('functions, classes, enums, namespaces', () => {
  const source =
    'function a(x: string): void; function a(x: any) {} async function* b() {} abstract class C<T> {} @dec class D {} enum E {} const enum F {} namespace G { export const x = 1 } namespace H.I { export function y() {} } using j = k; await using l = m';
  expect(values(source)).toEqual({
    a: 'function',
    b: 'function',
    C: 'class',
    D: 'class',
    E: 'enum',
    F: 'enum',
    G: 'namespace',
    H: 'namespace',
    j: 'const',
    l: 'const',
  });
});

test('a namespace beside a function or class is that', () => {
  expect(
    values('function a() {} namespace a { export const x = 1 } namespace B { export const x = 1 } class B {}'),
  ).toEqual({ a: 'function', B: 'class' });
});

test('imports', () => {
  const source = `import a, { b, c as d, type E, default as f } from 'x'; import * as g from 'y'; import type H from 'z'; import type { I, J as K } from 'z'; import type * as L from 'z';
    import m = require('m'); import n = G.x; import type O = require('o'); import 'p'; import q, { "r-s" as t } from 'u' with { type: 'json' }`;
  expect(cellNames(source, false)).toEqual({
    values: ['a', 'b', 'd', 'f', 'g', 'm', 'n', 'q', 't'].map((name) => ({ name, kind: 'import' })),
    types: ['E', 'H', 'I', 'K', 'L', 'O'],
  });
});

test('exports', () => {
  const source = `export const a = 1; export function b() {} export default class C {} export enum D {} export type E = 1; export interface F {} export namespace G { export const x = 1 }
    export { a as h }; export { i } from 'i'; export * from 'j'; export * as k from 'k'; export declare const l: number; @dec export class M {} export import n = G.x`;
  expect(values(source)).toEqual({
    a: 'const',
    b: 'function',
    C: 'class',
    D: 'enum',
    G: 'namespace',
    M: 'class',
    n: 'import',
  });
  expect(cellNames(source, false).types).toEqual(['E', 'F', 'l']);
});

test('types', () => {
  const source = `interface A {} type B<T> = T; declare const c: number; declare let d: string, e: number; declare function f(): void; declare class G {} declare enum H { x } declare namespace I { const x: number }
    namespace J { export type X = 1 } namespace K.L { interface X {} } declare module 'm' { const x: number } declare global { interface Window { x: 1 } } export default interface M {}`;
  expect(cellNames(source, false)).toEqual({
    values: [],
    types: ['A', 'B', 'c', 'd', 'e', 'f', 'G', 'H', 'I', 'J', 'K', 'M'],
  });
});

test('a type that shares its name with a value goes with that', () => {
  expect(cellNames('class A {} interface A {} const B = 1; type B = number; type C = 1', false)).toEqual({
    values: [
      { name: 'A', kind: 'class' },
      { name: 'B', kind: 'const' },
    ],
    types: ['C'],
  });
});

test('TSX and what only plain TypeScript has', () => {
  expect(values('const a = <string>b')).toEqual({ a: 'const' });
  expect(cellNames('const a = <b>text</b>, f = <T,>(x: T) => x', true).values.map(({ name }) => name)).toEqual([
    'a',
    'f',
  ]);
});

test('a cell with a fault has the names before and after it, if it can be parsed at all', () => {
  expect(values('const a = 1; const a = 2; return 3; let b')).toEqual({ a: 'const', b: 'let' });
  expect(() => cellNames('const = 3', false)).toThrow(/Unexpected token/);
});

test('mentions every word that could be a name', () => {
  expect([...mentions('const größe = a$.b_1 + `${c}` // d é\n"e-f" 1g')]).toEqual([
    'const',
    'größe',
    'a$',
    'b_1',
    'c',
    'd',
    'é',
    'e',
    'f',
    'g',
  ]);
  expect(mentions('')).toEqual(new Set());
  expect([...mentions('a$ `${b}` $ `c${d}`')]).toEqual(['a$', 'b', '$', 'c$', 'd']);
});

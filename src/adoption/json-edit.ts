import { findNodeAtLocation, type Node } from 'jsonc-parser';
import { applyEdits, type Edit } from './edit.ts';
import type { JsonFile } from './workspace/json-file.ts';

/** A text as it stands inside a JSON string. */
function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Where each character of a string's value stands in the JSON text, counted from the opening quote; one more entry for its end. */
function rawIndexes(raw: string): readonly number[] {
  const indexes: number[] = [];
  let at = 1;
  while (at < raw.length - 1) {
    indexes.push(at);
    // An escape is two characters, or six with four hexadecimal digits; a pair of surrogates is two characters of the value too.
    at += raw[at] !== '\\' ? 1 : raw[at + 1] === 'u' ? 6 : 2;
  }
  return [...indexes, at];
}

/**
 * Edits of a string's value as edits of the JSON text that holds it: everything around them keeps its spelling, escapes
 * that JSON would not need included.
 * @param offset where the string's opening quote stands.
 * @param length how long it is in the JSON text, both quotes included.
 */
export function editsInString(
  json: string,
  { offset, length }: { readonly offset: number; readonly length: number },
  edits: readonly Edit[],
): readonly Edit[] {
  const indexes = rawIndexes(json.slice(offset, offset + length));
  const at = (index: number) => offset + (indexes[index] ?? length - 1);
  return edits.map(({ start, end, text }) => ({ start: at(start), end: at(end), text: escaped(text) }));
}

/** Blanks and line ends directly in front of a place in a text. */
function blanksBefore(text: string, index: number): string {
  return /[ \t\r\n]*$/.exec(text.slice(0, index))?.[0] ?? '';
}

/** One step of indentation, from how far the file's first name is indented. */
function indentation(file: JsonFile): string {
  const [first] = file.tree.children ?? [];
  const blanks = first === undefined ? '' : blanksBefore(file.text, first.offset);
  return blanks.slice(blanks.lastIndexOf('\n') + 1);
}

function lineEnd(text: string): string {
  return text.includes('\r\n') ? '\r\n' : '\n';
}

interface Property {
  readonly name: string;
  readonly value: string;
}

function propertyText({ name, value }: Property): string {
  return `${JSON.stringify(name)}: ${JSON.stringify(value)}`;
}

/** New properties behind the last one of an object, laid out as that one is. */
function behindLast(file: JsonFile, last: Node, added: readonly Property[]): Edit {
  const end = last.offset + last.length;
  const blanks = blanksBefore(file.text, last.offset);
  return { start: end, end, text: added.map((property) => `,${blanks}${propertyText(property)}`).join('') };
}

/** The properties as the whole content of an object that has none, `depth` levels below the root. */
function wholeObject(file: JsonFile, added: readonly Property[], depth: number): string {
  const step = indentation(file);
  const isOneLine = !file.text.trim().includes('\n');
  if (isOneLine) return `{${added.map(propertyText).join(',')}}`;
  const newLine = lineEnd(file.text);
  const inner = `${newLine}${step.repeat(depth + 1)}`;
  const lines = added.map((property) => `${inner}${propertyText(property)}`).join(',');
  return `{${lines}${newLine}${step.repeat(depth)}}`;
}

/** The edit that adds scripts behind the others of a package.json, laid out as they are. Null when there is nothing to add. */
export function scriptsAdded(file: JsonFile, added: readonly Property[]): Edit | null {
  if (added.length === 0) return null;
  const scripts = findNodeAtLocation(file.tree, ['scripts']);
  if (scripts === undefined) {
    const text = `"scripts": ${wholeObject(file, added, 1)}`;
    const last = file.tree.children?.at(-1);
    if (last === undefined) {
      const { offset, length } = file.tree;
      return { start: offset, end: offset + length, text: `{${text}}` };
    }
    const end = last.offset + last.length;
    return { start: end, end, text: `,${blanksBefore(file.text, last.offset)}${text}` };
  }
  if (scripts.type !== 'object') return null;
  const last = scripts.children?.at(-1);
  if (last !== undefined) return behindLast(file, last, added);
  return { start: scripts.offset, end: scripts.offset + scripts.length, text: wholeObject(file, added, 1) };
}

/** The file's text after the edits, with its byte order mark. */
export function editedText(file: JsonFile, edits: readonly Edit[]): string {
  return `${file.hasByteOrderMark ? '\uFEFF' : ''}${applyEdits(file.text, edits)}`;
}

/** The file's text as it is on disk. */
export function wholeText(file: JsonFile): string {
  return editedText(file, []);
}

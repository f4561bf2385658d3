/**
 * Draws with Observable Plot into a document that exists only in memory, and gives the SVG as markup of the page.
 * Colours are CSS variables, so that one drawing serves light, dark and paper. Every drawing is made twice, for a
 * desk and for a telephone, because scaling one would leave its text unreadable.
 */

import type { PlotOptions } from '@observablehq/plot';
import { plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { Html, html } from './html.ts';

export interface Canvas {
  /** Pixels. */
  readonly width: number;
  readonly narrow: boolean;
}

const WIDE: Canvas = { width: 1000, narrow: false };
const NARROW: Canvas = { width: 350, narrow: true };

/** One drawing. `label` is its text for those who do not see it: what it shows, not how it looks. */
export function drawing(label: string, options: (canvas: Canvas) => PlotOptions): Html {
  return html`<div class="drawing">${[WIDE, NARROW].map((canvas) => draw(label, canvas, options(canvas)))}</div>`;
}

/** A drawing that repeats what is said elsewhere: for the eye only. */
export function decoration(options: (canvas: Canvas) => PlotOptions): Html {
  return drawing('', options);
}

/** What this page needs of a node of the in-memory document. */
interface DrawnNode {
  readonly nodeType: number;
  readonly localName: string;
  readonly textContent: string | null;
  readonly childNodes: Iterable<DrawnNode>;
  readonly attributes: Iterable<{ readonly name: string; readonly value: string }>;
}

function draw(label: string, canvas: Canvas, options: PlotOptions): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const root = plot({ ...options, document, width: canvas.width, className: 'plot' }) as unknown as DrawnNode;
  const size = attributesOf(root);
  const named = label === '' ? html`aria-hidden="true"` : html`role="img" aria-label="${label}"`;
  return html`<svg class="${canvas.narrow ? 'narrow' : 'wide'}" ${named} viewBox="${size.get('viewBox')}" width="${size.get('width')}" height="${size.get('height')}" text-anchor="middle" fill="currentColor">${childrenOf(root)}</svg>`;
}

const ELEMENT = 1;
const TEXT = 3;

/** Plot's own stylesheet and labels of parts go: the page has its stylesheet, and the drawing is one image. */
function markupOfNode(node: DrawnNode): Html | string {
  if (node.nodeType === TEXT) return node.textContent ?? '';
  if (node.nodeType !== ELEMENT || node.localName === 'style') return '';
  const children = childrenOf(node);
  if (node.localName === 'g' && children.every((child) => String(child) === '')) return '';
  const name = Html.trusted(node.localName);
  const attributes = [...attributesOf(node)].map(([key, value]) => html` ${Html.trusted(key)}="${value}"`);
  return children.length === 0
    ? html`<${name}${attributes}/>`
    : html`<${name}${attributes}>${children}</${name}>`;
}

function childrenOf(node: DrawnNode): (Html | string)[] {
  return [...node.childNodes].map(markupOfNode);
}

/** A tenth of a pixel is enough, and a third of the size. */
const GEOMETRY = new Set([
  'd',
  'transform',
  'x',
  'y',
  'x1',
  'x2',
  'y1',
  'y2',
  'cx',
  'cy',
  'width',
  'height',
  'points',
]);
/** `style` would need a weaker content-security policy. */
const LEFT_OUT = /^(style|aria-.*|role|class|xmlns.*)$/;

function attributesOf(node: DrawnNode): Map<string, string> {
  const attributes = new Map<string, string>();
  for (const { name, value } of node.attributes) {
    if (LEFT_OUT.test(name)) continue;
    if (!/^[A-Za-z][A-Za-z0-9:-]*$/.test(name))
      throw new Error(`an attribute of a drawing is named '${name}'`);
    attributes.set(name, GEOMETRY.has(name) ? rounded(value) : value);
  }
  return attributes;
}

function rounded(value: string): string {
  return value.replace(/-?\d+\.\d+(?:e-?\d+)?/g, (number) => String(Math.round(Number(number) * 10) / 10));
}

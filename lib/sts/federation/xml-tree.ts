/** XML that may be trusted to have been read in one way only, as a tree; and the few steps through it that SAML needs. */

import {
  COMMENT_NODE,
  domParser,
  ELEMENT_NODE,
  TEXT_NODE,
  type XmlAttribute,
  type XmlElement,
  type XmlNode,
} from './xml-library.ts';
import { findXmlProblem, type XmlLimits } from './xml-scan.ts';

/** The root of a text that the scan lets pass and about which the parser has no complaint either. Total. */
export function parseXml(text: string, limits?: XmlLimits): XmlElement | undefined {
  if (findXmlProblem(text, limits) !== undefined) return undefined;
  try {
    const parser = new (domParser())({
      errorHandler: (level, message) => {
        throw new Error(`${level}: ${message}`);
      },
    });
    return parser.parseFromString(text, 'text/xml')?.documentElement ?? undefined;
  } catch {
    // Warnings included: there is nothing to forgive in what an identity provider's software wrote.
    return undefined;
  }
}

export function isElement(node: XmlNode): node is XmlElement {
  return node.nodeType === ELEMENT_NODE;
}

export function childrenOf(element: XmlElement): readonly XmlElement[] {
  const children: XmlElement[] = [];
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (isElement(node)) children.push(node);
  }
  return children;
}

export function isNamed(element: XmlElement, namespace: string, name: string): boolean {
  return element.localName === name && element.namespaceURI === namespace;
}

export function childrenNamed(element: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return childrenOf(element).filter((child) => isNamed(child, namespace, name));
}

/** The child of that name, if there is exactly one. */
export function onlyChild(element: XmlElement, namespace: string, name: string): XmlElement | undefined {
  const [child, another] = childrenNamed(element, namespace, name);
  return another === undefined ? child : undefined;
}

/** The element and all below it, in the order of the document. */
export function withDescendants(root: XmlElement): readonly XmlElement[] {
  const elements: XmlElement[] = [];
  const visit = (element: XmlElement): void => {
    elements.push(element);
    for (const child of childrenOf(element)) visit(child);
  };
  visit(root);
  return elements;
}

export function attributesOf(element: XmlElement): readonly XmlAttribute[] {
  return Array.from({ length: element.attributes.length }, (_, index) =>
    element.attributes.item(index),
  ).filter((attribute) => attribute !== null);
}

/** Value of the attribute without a namespace. */
export function attribute(element: XmlElement, name: string): string | undefined {
  return attributesOf(element).find((candidate) => candidate.name === name)?.value;
}

/**
 * All the text of an element that holds nothing but text; comments count as something else unless `comments` says
 * that they are passed over, which joins what stands around them.
 */
export function leafText(
  element: XmlElement,
  comments: 'refused' | 'skipped' = 'refused',
): string | undefined {
  let text = '';
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === TEXT_NODE) text += node.nodeValue ?? '';
    else if (node.nodeType !== COMMENT_NODE || comments === 'refused') return undefined;
  }
  return text;
}

/**
 * The two libraries that read and verify XML, behind the few of their members that are used. Their own type
 * declarations are not loaded: they would bring those of the browser into the whole project.
 */

import { createRequire } from 'node:module';

export interface XmlNode {
  readonly nodeType: number;
  readonly nodeValue: string | null;
  readonly textContent: string | null;
  readonly parentNode: XmlNode | null;
  readonly firstChild: XmlNode | null;
  readonly nextSibling: XmlNode | null;
}

export interface XmlElement extends XmlNode {
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly attributes: { readonly length: number; item(index: number): XmlAttribute | null };
}

export interface XmlAttribute {
  readonly name: string;
  readonly localName: string;
  readonly namespaceURI: string | null;
  readonly value: string;
}

export interface XmlDocument extends XmlNode {
  readonly documentElement: XmlElement | null;
}

export const ELEMENT_NODE = 1;
export const TEXT_NODE = 3;
export const COMMENT_NODE = 8;

interface DomParserClass {
  new (options: {
    readonly errorHandler: (level: string, message: string) => void;
  }): {
    parseFromString(text: string, type: 'text/xml'): XmlDocument | undefined;
  };
}

/** A signature as the library knows it; the three tables say which algorithms it may use at all. */
export interface SignedXmlInstance {
  /** Names of the attributes that a reference may mean. */
  idAttributes: readonly string[];
  CanonicalizationAlgorithms: Readonly<Record<string, unknown>>;
  HashAlgorithms: Readonly<Record<string, unknown>>;
  SignatureAlgorithms: Readonly<Record<string, unknown>>;
  loadSignature(signature: XmlNode): void;
  /** Throws, or answers false, unless everything that is referenced is as it was signed. */
  checkSignature(document: string): boolean;
  /** Canonical bytes of what a successful check has proved. */
  getSignedReferences(): readonly string[];
}

export interface SignedXmlOptions {
  readonly publicCert: string;
  readonly getCertFromKeyInfo: () => null;
}

interface SignedXmlClass {
  new (options: SignedXmlOptions): SignedXmlInstance;
}

const load = createRequire(import.meta.url);

/** Both are loaded when an assertion comes, and not while the service starts. */
export const domParser = () => (load('@xmldom/xmldom') as { readonly DOMParser: DomParserClass }).DOMParser;
export const signedXml = () => (load('xml-crypto') as { readonly SignedXml: SignedXmlClass }).SignedXml;

/** The document around a report: its policy, its stylesheet, nothing from outside and no script. */
import { DEFINITIONS } from './figure.ts';
import { Html, html } from './html.ts';
import { STYLESHEET, STYLESHEET_SOURCE } from './stylesheet.ts';

/** Nothing may load, run, be framed into it or sent from it; only the stylesheet of this hash applies. */
export const CONTENT_SECURITY_POLICY = `default-src 'none'; style-src ${STYLESHEET_SOURCE}; base-uri 'none'; form-action 'none'`;

export function frame(title: string, body: Html): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${CONTENT_SECURITY_POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${Html.trusted(STYLESHEET)}</style>
</head>
<body>
${DEFINITIONS}
${body}
</body>
</html>
`;
  return String(page);
}

/** The self-contained interactive report: the webview app with one or many analyses embedded. */
import { createHash } from 'node:crypto';
import { embeddedDataId, type EmbeddedAnalysis } from '../../protocol/messages';

export interface ReportParts {
  readonly title: string;
  /** In the order they are gone through; at least one. */
  readonly images: readonly EmbeddedAnalysis[];
  /** The webview app's bundle and style sheet. */
  readonly script: string;
  readonly style: string;
}

/**
 * One HTML file that needs nothing else and loads nothing: its content security policy allows the one inlined script
 * and style sheet, by hash, and no connection. Text from data sets reaches it as JSON only, with `<` escaped.
 */
export function reportDocument({ title, images, script, style }: ReportParts): string {
  const code = inlineScript(script);
  const css = inlineStyle(style);
  const policy = [
    "default-src 'none'",
    `script-src '${sha256(code)}'`,
    `style-src '${sha256(css)}'`,
    'img-src data:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Focal Lens">
<title>${escapeHtml(title)} — Focal Lens</title>
<style>${css}</style>
</head>
<body>
<div id="app"></div>
<script type="application/json" id="${embeddedDataId}">${inlineJson(images)}</script>
<script>${code}</script>
</body>
</html>
`;
}

function sha256(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Without `<` no text can end the script element or begin a comment in it. */
function inlineJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

/** In code, `</script` and `<!--` occur in strings and regular expressions only, where these escapes mean the same. */
function inlineScript(script: string): string {
  return script
    .replace(/\n?\/\/# sourceMappingURL=\S*\s*$/, '\n')
    .replaceAll(/<\/(?=script)/gi, '<\\/')
    .replaceAll('<!--', '\\x3C!--')
    .replaceAll('\r\n', '\n');
}

function inlineStyle(style: string): string {
  return style.replace(/\n?\/\*# sourceMappingURL=.*?\*\/\s*$/, '\n').replaceAll(/<\/(?=style)/gi, '<\\/');
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, character => entities[character] ?? character);
}

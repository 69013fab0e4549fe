/** What a panel's page is made of. URIs as the webview sees them. */
export interface LensPage {
  readonly title: string;
  readonly scriptUri: string;
  readonly styleUri: string;
  /** The webview's own source, for the content security policy. */
  readonly cspSource: string;
  /** Fresh for every page: only scripts that carry it run. */
  readonly nonce: string;
  readonly language: string;
  /** What the page keeps over a reload of the window, and the panel's serializer gets back; undefined keeps nothing. */
  readonly restore: string | undefined;
  /** Whether pictures come as data URIs, too. */
  readonly hasDataImages: boolean;
}

/**
 * The page of a panel: an empty `#app` that the webview's bundle fills. No script but that bundle, no network,
 * no inline style.
 */
export function lensHtml(page: LensPage): string {
  const { cspSource, nonce, restore, hasDataImages } = page;
  const policy = [
    `default-src 'none'`,
    `img-src ${cspSource}${hasDataImages ? ' data:' : ''}`,
    `script-src 'nonce-${nonce}'`,
    `style-src ${cspSource} 'nonce-${nonce}'`,
    `font-src ${cspSource}`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${escapeHtml(page.language)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1.0">
<title>${escapeHtml(page.title)}</title>
<link rel="stylesheet" href="${escapeHtml(page.styleUri)}" nonce="${escapeHtml(nonce)}">
</head>
<body>
<div id="app"${restore === undefined ? '' : ` data-restore="${escapeHtml(restore)}"`}></div>
<script nonce="${escapeHtml(nonce)}" src="${escapeHtml(page.scriptUri)}"></script>
</body>
</html>
`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => entities[character] ?? character);
}

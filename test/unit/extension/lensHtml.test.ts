import { describe, expect, it } from 'vitest';
import { lensHtml, type LensPage } from '../../../src/extension/lensHtml';

const page: LensPage = {
  title: 'a.jpg',
  scriptUri: 'https://file+.vscode-resource.test/dist/webview.js',
  styleUri: 'https://file+.vscode-resource.test/dist/webview.css',
  cspSource: 'https://*.vscode-resource.test',
  nonce: 'abc123',
  language: 'en',
  restore: 'file:///a.jpg',
  hasDataImages: false,
};

/** Directive to its sources. */
function policyOf(html: string): Map<string, string[]> {
  const content = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1]?.replaceAll('&#39;', "'");
  const directives = (content ?? '').split(';').map(directive => directive.trim().split(' '));
  return new Map(directives.map(([name = '', ...sources]) => [name, sources]));
}

describe('lensHtml', () => {
  it('allows the bundle, its style sheet, fonts and images, and nothing else', () => {
    const policy = policyOf(lensHtml(page));
    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('script-src')).toEqual(["'nonce-abc123'"]);
    expect(policy.get('img-src')).toEqual([page.cspSource]);
    expect(policy.has('connect-src')).toBe(false);
    expect([...policy.values()].flat()).not.toContain("'unsafe-inline'");
    expect([...policy.values()].flat()).not.toContain("'unsafe-eval'");
  });

  it('allows pictures in data URIs to the pages that show some', () => {
    const policy = policyOf(lensHtml({ ...page, hasDataImages: true }));
    expect(policy.get('img-src')).toEqual([page.cspSource, 'data:']);
    expect(policy.get('script-src')).toEqual(["'nonce-abc123'"]);
  });

  it('runs one script, with the nonce, and holds no inline script or style', () => {
    const html = lensHtml(page);
    const scripts = html.match(/<script\b[^>]*>[^]*?<\/script>/g);
    expect(scripts).toEqual([`<script nonce="abc123" src="${page.scriptUri}"></script>`]);
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
  });

  it('keeps hostile file names from becoming markup', () => {
    const hostile = `"><script>alert(1)</script><img src=x onerror='a'>&`;
    const html = lensHtml({ ...page, title: hostile, restore: hostile });
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain('<img');
    const attribute = /data-restore="([^"]*)"/.exec(html)?.[1] ?? '';
    const decoded = attribute
      .replaceAll('&quot;', '"')
      .replaceAll('&#39;', "'")
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&');
    expect(decoded).toBe(hostile);
  });
});

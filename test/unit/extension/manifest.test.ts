import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runtimeChoices } from '../../../src/common/runtimeChoice';
import { commandIds } from '../../../src/extension/commandIds';

interface Manifest {
  icon: string;
  activationEvents: string[];
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string }[];
    menus: Record<string, { command: string; when: string }[]>;
    configuration: { properties: Record<string, { default: unknown; enum?: string[]; order: number }> };
  };
}

const root = join(import.meta.dirname, '..', '..', '..');
const text = readFileSync(join(root, 'package.json'), 'utf8');
const manifest = JSON.parse(text) as Manifest;
const strings = JSON.parse(readFileSync(join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;
const { commands, menus, configuration } = manifest.contributes;

describe('package.json', () => {
  it('contributes the commands that are registered, and menus for no others', () => {
    const known = Object.values(commandIds).sort();
    expect(commands.map(({ command }) => command).sort()).toEqual(known);
    for (const { command } of Object.values(menus).flat()) expect(known).toContain(command);
  });

  it('takes every string from package.nls.json, which holds no others', () => {
    const used = [...text.matchAll(/"%([^%"]+)%"/g)].map(match => match[1]);
    expect([...new Set(used)].sort()).toEqual(Object.keys(strings).sort());
  });

  it('offers exactly the runtimes that there are', () => {
    expect(configuration.properties['focalLens.runtime']?.enum).toEqual([...runtimeChoices]);
  });

  it('restricts only settings that exist, and orders each', () => {
    const names = Object.keys(configuration.properties);
    for (const name of manifest.capabilities.untrustedWorkspaces.restrictedConfigurations)
      expect(names).toContain(name);
    expect(Object.values(configuration.properties).map(({ order }) => order)).toEqual(
      names.map((_, index) => index + 1),
    );
  });

  it('refuses 30,000 x 30,000 pixels by default', () => {
    expect(configuration.properties['focalLens.maxPixels']?.default).toBeLessThan(30_000 * 30_000);
  });

  it('activates for restored panels, XML and workspaces that look like a dataset, never on startup', () => {
    // Not for JSON or plain text, which some window or other always holds.
    const [lens, gallery, xml, ...others] = manifest.activationEvents;
    expect([lens, gallery]).toEqual(['onWebviewPanel:focalLens.lens', 'onWebviewPanel:focalLens.gallery']);
    expect(xml).toBe('onLanguage:xml');
    // Names, which cost a look each, and few patterns, one search for all: they match files, one folder down.
    for (const event of others) expect(event).toMatch(/^workspaceContains:(?:[\w.]+|\*\/(?:\w+\/\*)?[\w.]+)$/);
    expect(others.filter(event => event.includes('*')).length).toBeLessThan(6);
  });

  it('has a 128 pixel PNG icon', () => {
    const icon = join(root, manifest.icon);
    expect(existsSync(icon)).toBe(true);
    const header = readFileSync(icon);
    expect([header.readUInt32BE(16), header.readUInt32BE(20)]).toEqual([128, 128]);
  });
});

describe('menus on images', () => {
  const pattern = /resourceExtname =~ \/(.+?)\/i/;
  const whens = [...(menus['explorer/context'] ?? []), ...(menus['editor/title'] ?? [])].map(({ when }) => when);
  const expressions = whens.map(when => pattern.exec(when)?.[1]).filter(source => source !== undefined);

  it.each(['.jpg', '.JPEG', '.png', '.webp', '.tif', '.TIFF', '.gif'])('are shown for %s', extension => {
    expect(expressions).toHaveLength(2);
    for (const source of expressions) expect(new RegExp(source, 'i').test(extension)).toBe(true);
  });

  it.each(['.xml', '.json', '.pngx', '.bmp', ''])('are not shown for "%s"', extension => {
    for (const source of expressions) expect(new RegExp(source, 'i').test(extension)).toBe(false);
  });
});

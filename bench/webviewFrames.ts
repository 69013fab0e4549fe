/* eslint-disable no-console */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { chromiumPath, launchChromium, portable, webviewBundle, writeHostedPage } from '../test/unit/helpers/lensPage';
import {
  cellSlide,
  slidePicture,
  syntheticAnalysis,
  type SyntheticOptions,
} from '../test/unit/helpers/syntheticAnalysis';

const slide = cellSlide();
/** As many class columns as a model of COCO's 91 category ids has. */
const many = Array.from({ length: 91 }, (_, i) => slide.classes[i] ?? `class ${i}`);
/** Slides whose padded network inputs have as many anchors as the names say. */
const sizes: readonly (readonly [anchors: number, options: SyntheticOptions])[] = [
  [15_354, { ...slide, minSize: 240 }],
  [76_725, { ...slide, width: 640, height: 640, minSize: 640 }],
  [163_206, { ...slide, minSize: 800, classes: many }],
  [201_600, { ...slide, width: 800, height: 480, minSize: 800 }],
];
const frames = 45;
const frameBound = 16.7;
const paintBound = 150;
const imageChanges = 200;
/** What 200 image changes may leave behind: less than a hundredth of the columns of one image each. */
const heapBound = 2;
const nodeBound = 100;
const listenerBound = 20;

/** Runs before the page's own scripts; holds a host's answer with an analysis back until it is asked for. */
const instruments = `(() => {
  Element.prototype.setPointerCapture = () => undefined;
  const request = window.requestAnimationFrame.bind(window);
  const frozen = [];
  let isFrozen = false;
  window.requestAnimationFrame = callback => (isFrozen ? -frozen.push(callback) : request(callback));
  window.thaw = () => {
    isFrozen = false;
    frozen.splice(0).forEach(callback => request(callback));
  };
  const frame = () => new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
  window.oneFrame = async act => {
    act();
    await frame();
  };
  const post = window.postMessage.bind(window);
  window.postMessage = (message, ...rest) => {
    if (message?.type === 'reply' && message.result?.state?.kind === 'ready') window.held = () => post(message, ...rest);
    else post(message, ...rest);
  };
  window.untilHeld = async () => {
    while (window.held === undefined) await frame();
  };
  // Until the first frame with the heatmap is over, in milliseconds by the clock; those after it wait for thaw().
  window.untilPainted = async () => {
    const start = performance.now();
    window.held();
    window.held = undefined;
    const isPainted = () =>
      document.querySelector('#app').dataset.phase === 'ready' &&
      document.querySelector('canvas.heat').style.visibility === 'visible';
    while (!isPainted()) await frame();
    isFrozen = true;
    return performance.now() - start;
  };
})()`;

const dragGamma = `i => oneFrame(() => {
  const slider = document.querySelector('input[aria-label="Gamma"]');
  slider.value = String(((i * 7) % 100) / 20);
  slider.dispatchEvent(new Event('input', { bubbles: true }));
})`;
const pan = `i => oneFrame(() => {
  const stage = document.querySelector('.stage');
  const fire = type => stage.dispatchEvent(new PointerEvent(type, {
    bubbles: true, pointerId: 1, button: 0, clientX: 400 + (i % 60) * 3, clientY: 400 + (i % 40) * 2,
  }));
  if (i % 60 === 0) fire('pointerdown');
  fire('pointermove');
  if (i % 60 === 59) fire('pointerup');
})`;
const hover = `i => oneFrame(() => {
  document.querySelector('.stage').dispatchEvent(new PointerEvent('pointermove', {
    bubbles: true, pointerId: 1, clientX: 300 + i * 3, clientY: 300 + (i % 30) * 5,
  }));
})`;

/** Prints frame times, the time to the first heatmap, and memory over many images; never fails on time. */
export async function benchWebview(): Promise<void> {
  if (chromiumPath === undefined) {
    console.log('The lens is not timed: no Chromium was found.');
    return;
  }
  const folder = await mkdtemp(join(tmpdir(), 'focal-lens-bench-'));
  const browser = await launchChromium();
  try {
    const url = await writeHostedPage(folder, await webviewBundle());
    const busy = loadavg()[0] ?? 0;
    const isQuiet = busy < availableParallelism() / 2;
    console.log('\nThe lens in Chromium: scripts per frame, ms of processor time: 95th percentile (median)');
    if (!isQuiet) {
      console.log(
        `  Other programs keep ${busy.toFixed(1)} of ${availableParallelism()} cores busy: times by the clock are not judged.`,
      );
    }
    for (const [anchors, options] of sizes) await timeFrames(browser, url, anchors, options, isQuiet);
    await measureMemory(browser, url);
  } finally {
    await browser.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function openPage(browser: Browser, url: string, states: () => object): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, reducedMotion: 'reduce' });
  await page.addInitScript(instruments);
  await page.exposeFunction('answer', (method: string) =>
    method === 'getState' ? { result: states() } : { error: 'not in this benchmark' },
  );
  await page.goto(url);
  return page;
}

async function timeFrames(
  browser: Browser,
  url: string,
  anchors: number,
  options: SyntheticOptions,
  isQuiet: boolean,
): Promise<void> {
  const analysis = syntheticAnalysis(options);
  if (analysis.anchors.total !== anchors) throw new Error(`${analysis.anchors.total} anchors, not ${anchors}`);
  const ready = { kind: 'ready', imageUri: slidePicture(options), title: 'slide', analysis: portable(analysis) };
  const paints: PaintTime[] = [];
  for (let i = 0; i < 4; i++) {
    const page = await openPage(browser, url, () => ({ revision: 1, state: ready }));
    paints.push(await paintTime(page));
    if (i < 3) {
      await page.close();
      continue;
    }
    await page.waitForTimeout(400);
    console.log(`  ${anchors.toLocaleString('en-US')} anchors x ${options.classes.length} columns`);
    for (const [name, script] of [
      ['dragging gamma', dragGamma],
      ['panning', pan],
      ['hovering', hover],
    ] as const) {
      const times = await scriptTimes(page, script);
      bound(name, quantile(times, 0.95), frameBound, `(${quantile(times, 0.5).toFixed(1)})`);
    }
    await page.close();
  }
  const median = (of: (time: PaintTime) => number) => quantile(paints.map(of), 0.5);
  bound(
    'analysis to painted heatmap',
    median(({ processor }) => processor),
    paintBound,
    'work',
  );
  const clock = median(time => time.clock);
  if (isQuiet) bound('the same by the clock', clock, paintBound, '');
  else console.log(`    ${'the same by the clock'.padEnd(36)}${clock.toFixed(1).padStart(7)}`);
}

/**
 * What the page's main thread spends on scripts in each frame, milliseconds of processor time: on a quiet machine the
 * same as by the clock, on a busy one without what other programs take.
 */
async function scriptTimes(page: Page, script: string): Promise<number[]> {
  const spent = await processorTime(page, 'ScriptDuration');
  const times: number[] = [];
  for (let i = 0; i < frames; i++) {
    const before = await spent();
    await page.evaluate(`(${script})(${i})`);
    times.push((await spent()) - before);
  }
  // The first ones compile.
  return times.slice(5);
}

interface PaintTime {
  /** What the main thread spends in all, milliseconds. */
  readonly processor: number;
  /** What the user waits, software rendering and other programs included, milliseconds. */
  readonly clock: number;
}

/** From an analysis that waits at the door to the first painted heatmap. */
async function paintTime(page: Page): Promise<PaintTime> {
  await page.evaluate('untilHeld()');
  const spent = await processorTime(page, 'TaskDuration');
  const before = await spent();
  const clock = await page.evaluate<number>('untilPainted()');
  const processor = (await spent()) - before;
  await page.evaluate('thaw()');
  return { processor, clock };
}

async function processorTime(page: Page, metric: string): Promise<() => Promise<number>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    return (metrics.find(({ name }) => name === metric)?.value ?? NaN) * 1000;
  };
}

/** Memory, elements and listeners after many images are those after a few. */
async function measureMemory(browser: Browser, url: string): Promise<void> {
  let revision = 1;
  const pictures = [slide, { ...slide, seed: 8 }].map(options => ({
    kind: 'ready',
    imageUri: slidePicture(options),
    title: 'slide',
    analysis: portable(syntheticAnalysis(options)),
  }));
  const page = await openPage(browser, url, () => ({ revision, state: pictures[revision % 2] }));
  const session = await page.context().newCDPSession(page);
  await page.evaluate('untilHeld()');
  await page.evaluate('untilPainted()');
  await page.evaluate('thaw()');
  const change = async (times: number) => {
    for (let i = 0; i < times; i++) {
      revision++;
      await page.evaluate(`announce(${revision})`);
      await page.evaluate('untilHeld()');
      await page.evaluate('untilPainted()');
      await page.evaluate('thaw()');
    }
  };
  await change(20);
  const before = await usage(session);
  await change(imageChanges);
  const after = await usage(session);
  const kept = (of: keyof Usage) => after[of] - before[of];
  const from = (of: keyof Usage, digits = 0) => `(${before[of].toFixed(digits)} to ${after[of].toFixed(digits)})`;
  console.log(`  left behind by ${imageChanges} image changes`);
  bound('heap and buffers, MB', kept('megabytes'), heapBound, from('megabytes', 1));
  bound('nodes', kept('nodes'), nodeBound, from('nodes'));
  bound('listeners', kept('listeners'), listenerBound, from('listeners'));
  await page.close();
}

interface Usage {
  /** Objects and the buffers they hold. */
  readonly megabytes: number;
  readonly nodes: number;
  readonly listeners: number;
}

async function usage(session: CDPSession): Promise<Usage> {
  for (let i = 0; i < 2; i++) await session.send('HeapProfiler.collectGarbage');
  // Columns lie in buffers outside the heap; a Chromium that does not tell of them tells of their objects alone.
  const heap: { usedSize: number; backingStorageSize?: number } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  return {
    megabytes: (heap.usedSize + (heap.backingStorageSize ?? 0)) / 2 ** 20,
    nodes,
    listeners: jsEventListeners,
  };
}

function quantile(values: readonly number[], share: number): number {
  const ascending = [...values].sort((a, b) => a - b);
  return ascending[Math.min(ascending.length - 1, Math.floor(share * ascending.length))] ?? NaN;
}

function bound(name: string, value: number, limit: number, more: string): void {
  const verdict = value <= limit ? 'met' : 'MISSED';
  console.log(`    ${name.padEnd(36)}${value.toFixed(1).padStart(7)} ${more.padEnd(8)} bound ${limit}: ${verdict}`);
}

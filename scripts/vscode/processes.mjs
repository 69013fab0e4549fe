// Child processes that never outlive the script: each runs in a process group of its own, killed at the end.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';

const running = new Set();

/** Starts `command` in its own process group. `stop()` ends the whole group and waits for its leader. */
export function startGroup(command, args, options = {}) {
  const child = spawn(command, args, { ...options, detached: process.platform !== 'win32' });
  const exited = new Promise(resolve => {
    child.once('error', error => resolve({ error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const group = {
    child,
    exited,
    async stop() {
      running.delete(group);
      signalGroup(child, 'SIGTERM');
      if (!(await within(exited, 5_000))) signalGroup(child, 'SIGKILL');
      await within(exited, 5_000);
      // The leader may be gone while others of its group live on.
      signalGroup(child, 'SIGKILL');
    },
  };
  running.add(group);
  return group;
}

function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // Already gone.
  }
}

/** The promise's value, or undefined after `milliseconds`. */
export async function within(promise, milliseconds) {
  let timer;
  const late = new Promise(resolve => {
    timer = setTimeout(resolve, milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Kills what is still running when the script ends, however it ends. */
export function killGroupsOnExit() {
  process.on('exit', () => {
    for (const { child } of running) signalGroup(child, 'SIGKILL');
  });
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ]) {
    process.on(signal, () => process.exit(code));
  }
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

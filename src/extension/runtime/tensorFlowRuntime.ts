import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../common/errors';
import { findNpm, runNpm, type Npm, type RunNpmOptions } from './npm';

export const tensorFlowPackages = ['@tensorflow/tfjs-node', '@tensorflow/tfjs-node-gpu'] as const;
export type TensorFlowPackage = (typeof tensorFlowPackages)[number];

/** The version that the interpreter is written for. */
const version = '4.22.0';

/** A native TensorFlow.js in a folder of the extension's own. */
export class TensorFlowRuntime {
  /** @param folder gets `node_modules`; is removed as a whole */
  constructor(
    readonly folder: string,
    private readonly npm: () => Npm | undefined = findNpm,
  ) {}

  get installed(): TensorFlowPackage | undefined {
    return tensorFlowPackages.find(name => existsSync(join(this.folder, 'node_modules', name, 'package.json')));
  }

  /**
   * Installs one of the packages, instead of what is installed. Its install script downloads TensorFlow's library, from
   * where its makers keep it. What fails or is cancelled leaves nothing behind.
   *
   * @throws UserError when npm is missing or fails, CancelledError
   */
  async install(name: TensorFlowPackage, options: Omit<RunNpmOptions, 'folder'>): Promise<void> {
    const npm = this.npm();
    if (npm === undefined) {
      throw new UserError('npm was not found on the PATH', { remedy: 'install Node.js and restart VS Code' });
    }
    await this.remove();
    await mkdir(this.folder, { recursive: true });
    try {
      await writeFile(join(this.folder, 'package.json'), '{ "private": true }\n');
      const flags = ['--ignore-scripts=false', '--foreground-scripts', '--no-audit', '--no-fund', '--no-package-lock'];
      await runNpm(npm, ['install', ...flags, `${name}@${version}`], { ...options, folder: this.folder });
      if (this.installed === undefined) {
        throw new UserError(`npm did not install ${name}`, { where: this.folder, remedy: 'see the Focal Lens output' });
      }
    } catch (error) {
      await this.remove();
      throw error;
    }
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

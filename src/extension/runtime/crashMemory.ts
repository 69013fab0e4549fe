import type { Memento } from 'vscode';
import { version as ownVersion } from '../../../package.json';
import { runtimeChoices, type ProviderChoice } from '../../common/runtimeChoice';

const memoryKey = 'crashedProviders';

/**
 * The providers that took an engine down on this machine: windows and restarts do without them until the user asks for
 * another try. Another version of the extension may bring other libraries, and forgets them.
 */
export class CrashMemory {
  constructor(
    private readonly memento: Pick<Memento, 'get' | 'update'>,
    private readonly version: string = ownVersion,
  ) {}

  get providers(): readonly ProviderChoice[] {
    const stored = this.memento.get<{ version?: unknown; providers?: unknown }>(memoryKey);
    if (stored?.version !== this.version || !Array.isArray(stored.providers)) return [];
    const names: readonly unknown[] = stored.providers;
    return runtimeChoices.filter((choice): choice is ProviderChoice => choice !== 'auto' && names.includes(choice));
  }

  add(provider: ProviderChoice): void {
    this.store([...this.providers, provider]);
  }

  /** @param providers all of them by default */
  forget(providers: readonly ProviderChoice[] = this.providers): void {
    const kept = this.providers.filter(provider => !providers.includes(provider));
    if (kept.length < this.providers.length) this.store(kept);
  }

  private store(providers: readonly ProviderChoice[]): void {
    const stored = { version: this.version, providers: [...new Set(providers)] };
    // What cannot be written is known until the window ends.
    this.memento.update(memoryKey, stored).then(undefined, () => undefined);
  }
}

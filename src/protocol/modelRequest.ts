import type { ProviderChoice, RuntimeChoice } from '../common/runtimeChoice';

/** Which model, and what it is to run on. */
export interface ModelRequest {
  readonly checkpoint: string;
  /** Model card; by default the JSON file beside the checkpoint with the same base name, if there is one. */
  readonly card?: string;
  readonly runtime: RuntimeChoice;
  /** Providers that took a process down before: `auto` does without them, and one that is named is refused. */
  readonly crashed?: readonly ProviderChoice[];
  /** Folders that the user trusts to run code, in whose `node_modules` a native TensorFlow.js may be. */
  readonly tensorFlowFolders?: readonly string[];
}

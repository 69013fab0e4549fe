/** The messages of {@link MessageHandler} as they travel. */
import type { WireError } from './wireError';

export type Message =
  | { readonly type: 'request'; readonly id: number; readonly method: string; readonly params: unknown }
  | { readonly type: 'reply'; readonly id: number; readonly result: unknown }
  | { readonly type: 'error'; readonly id: number; readonly error: WireError }
  | { readonly type: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'event'; readonly event: string; readonly payload: unknown }
  | { readonly type: 'dispose' };

/** `value` as a message, or undefined if it is none. Payloads stay unchecked. */
export function parseMessage(value: unknown): Message | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const message = value as Partial<Record<string, unknown>>;
  switch (message.type) {
    case 'request':
      return isId(message.id) && typeof message.method === 'string' ? (value as Message) : undefined;
    case 'reply':
    case 'error':
    case 'progress':
    case 'cancel':
      return isId(message.id) ? (value as Message) : undefined;
    case 'event':
      return typeof message.event === 'string' ? (value as Message) : undefined;
    case 'dispose':
      return value as Message;
    default:
      return undefined;
  }
}

function isId(value: unknown): boolean {
  return Number.isSafeInteger(value);
}

const defaultLength = 120;

/**
 * Text of a data set as it may stand in Markdown: one line, shortened, without characters that hide or reorder, and
 * with all punctuation escaped, so that it is no markup, icon, link or HTML and no address becomes a link.
 */
export function markdownText(text: string, maxLength = defaultLength): string {
  return plainText(text, maxLength).replace(/[!-/:-@[-`{-~]/g, '\\$&');
}

/** The same where no markup is understood, such as a message of the Problems panel. */
export function plainText(text: string, maxLength = defaultLength): string {
  const start = text.slice(0, 4 * maxLength);
  const line = start
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Cf}/gu, '')
    .trim();
  const characters = [...line];
  return characters.length > maxLength ? `${characters.slice(0, maxLength - 1).join('')}…` : line;
}

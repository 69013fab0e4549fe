/** Text as it may stand in an element; what XML 1.0 has no way to write becomes U+FFFD. */
export function escapeXml(text: string): string {
  let escaped = '';
  for (const character of text) escaped += escapeCharacter(character);
  return escaped;
}

function escapeCharacter(character: string): string {
  switch (character) {
    case '&':
      return '&amp;';
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    case '\t':
    case '\n':
      return character;
    case '\r':
      // Bare, a reader would turn it into a line feed.
      return '&#13;';
    default:
      return character < ' ' || character === '\ufffe' || character === '\uffff' ? '\ufffd' : character;
  }
}

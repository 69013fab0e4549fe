/** Lets the browser save a file, in a page that has no host to write it. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The download has begun by then; the bytes must not stay in memory for the life of the page.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

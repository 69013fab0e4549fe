/** Image formats that the image decoder reads, by file extension: lower case, without the dot. */
export const imageExtensions = ['jpg', 'jpeg', 'png', 'webp', 'tif', 'tiff', 'gif'] as const;

/** Files that can hold labels, or class names for labels, by extension. */
export const labelExtensions = ['json', 'xml', 'txt', 'yaml', 'yml'] as const;

/** Whether a file name or path has an image's extension, in any case. */
export function isImageFile(name: string): boolean {
  return hasExtension(name, imageExtensions);
}

/** Whether a file name or path has the extension of a label file, in any case. */
export function isLabelFile(name: string): boolean {
  return hasExtension(name, labelExtensions);
}

function hasExtension(name: string, extensions: readonly string[]): boolean {
  const match = /[^/\\]\.([a-z0-9]+)$/i.exec(name);
  return match?.[1] !== undefined && extensions.includes(match[1].toLowerCase());
}

/** Images with more pixels are refused unless the user raises the limit: 100 megapixels are 300 MB of RGB. */
export const defaultMaxPixels = 100_000_000;

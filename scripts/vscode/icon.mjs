// Draws media/icon.png, the marketplace icon, from media/icon.svg.
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from '../setup.mjs';

const folder = join(root, 'media');
const { size } = await sharp(join(folder, 'icon.svg'), { density: 288 })
  .resize(128, 128)
  .png({ compressionLevel: 9, palette: true })
  .toFile(join(folder, 'icon.png'));
console.log(`media/icon.png: ${size} bytes`);

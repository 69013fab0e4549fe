// node bench/labels/renderScenes.mjs FOLDER: renders the harbour scenes of the benchmark, with what that needs installed.
import { installDebianPackages, run } from '../../scripts/setup.mjs';

const packages = '/usr/lib/python3/dist-packages';
installDebianPackages([
  { name: 'python3-numpy', file: `${packages}/numpy/__init__.py` },
  { name: 'python3-pil', file: `${packages}/PIL/__init__.py` },
]);
run('/usr/bin/python3', ['training/generate.py', '--split', 'benchmark', '--out', process.argv[2]]);

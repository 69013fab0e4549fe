import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import globals from 'globals';
import tseslint from 'typescript-eslint';

// Who may import whom: common <- {dataset, model} <- analysis <- engine <- cli; protocol <- {extension, webview}.
const forbidden = {
  common: ['dataset', 'model', 'analysis', 'engine', 'protocol', 'extension', 'webview', 'cli'],
  dataset: ['model', 'analysis', 'engine', 'protocol', 'extension', 'webview', 'cli'],
  model: ['dataset', 'analysis', 'engine', 'protocol', 'extension', 'webview', 'cli'],
  protocol: ['dataset', 'model', 'analysis', 'engine', 'extension', 'webview', 'cli'],
  analysis: ['engine', 'extension', 'webview', 'cli'],
  engine: ['extension', 'webview', 'cli'],
  cli: ['extension', 'webview'],
  webview: ['dataset', 'model', 'analysis', 'engine', 'extension', 'cli'],
  extension: ['model', 'analysis', 'engine', 'webview', 'cli'],
};
const zones = Object.entries(forbidden).flatMap(([target, sources]) =>
  sources.map(from => ({
    target: `./src/${target}`,
    from: `./src/${from}`,
    message: `src/${target} may not depend on src/${from}.`,
  })),
);

// A package that only one place may import.
const only = (name, message) => ({ name, message });
const vscodeOnly = only('vscode', 'Only src/extension imports vscode.');
const runtimesOnly = ['onnxruntime-node', '@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'].map(name =>
  only(name, 'Only src/model/runtime imports an inference runtime.'),
);
const sharpOnly = only('sharp', 'Only image decoding in src/model/image imports sharp.');

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', 'coverage/'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [
        createTypeScriptImportResolver({
          project: ['tsconfig.json', 'src/webview/tsconfig.json'],
          noWarnOnMultipleProjects: true,
        }),
      ],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
    },
    languageOptions: {
      parserOptions: {
        project: ['tsconfig.json', 'src/webview/tsconfig.json', 'test/*/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'no-restricted-imports': ['error', { paths: [vscodeOnly, ...runtimesOnly, sharpOnly] }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/prefer-nullish-coalescing': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/{common,dataset,model,analysis,engine,protocol,cli,extension}/**/*.ts'],
    rules: { 'no-restricted-globals': ['error', 'window', 'document', 'HTMLElement'] },
  },
  {
    files: ['src/{common,protocol,webview}/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [vscodeOnly, ...runtimesOnly, sharpOnly],
          patterns: [{ group: ['node:*'], message: 'No Node here.' }],
        },
      ],
    },
  },
  {
    files: ['src/extension/**/*.ts', 'test/vscode/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [...runtimesOnly, sharpOnly] }] },
  },
  {
    files: ['src/model/runtime/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [vscodeOnly, sharpOnly] }] },
  },
  {
    files: ['src/model/image/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [vscodeOnly, ...runtimesOnly] }] },
  },
  { files: ['test/vscode/**/*.ts', 'test/unit/runtime/**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
  prettier,
);

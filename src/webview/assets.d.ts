declare module '*.css';
declare module '*.svg' {
  const text: string;
  // esbuild's text loader offers nothing but a default export.
  // eslint-disable-next-line import-x/no-default-export
  export default text;
}

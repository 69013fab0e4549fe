/** The page's colors as a canvas takes them: variables, mixtures and light-dark() resolved as for the page's own text. */
export function themeColors<Name extends string>(variables: Readonly<Record<Name, string>>): Record<Name, string> {
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const style = getComputedStyle(probe);
  const colors = {} as Record<Name, string>;
  for (const name of Object.keys(variables) as Name[]) {
    probe.style.color = variables[name];
    colors[name] = style.color;
  }
  probe.remove();
  return colors;
}

import arrowLeft from '@vscode/codicons/src/icons/arrow-left.svg';
import arrowRight from '@vscode/codicons/src/icons/arrow-right.svg';
import beaker from '@vscode/codicons/src/icons/beaker.svg';
import check from '@vscode/codicons/src/icons/check.svg';
import chevronLeft from '@vscode/codicons/src/icons/chevron-left.svg';
import chevronRight from '@vscode/codicons/src/icons/chevron-right.svg';
import circleSlash from '@vscode/codicons/src/icons/circle-slash.svg';
import close from '@vscode/codicons/src/icons/close.svg';
import copy from '@vscode/codicons/src/icons/copy.svg';
import discard from '@vscode/codicons/src/icons/discard.svg';
import error from '@vscode/codicons/src/icons/error.svg';
import exportIcon from '@vscode/codicons/src/icons/export.svg';
import eye from '@vscode/codicons/src/icons/eye.svg';
import filter from '@vscode/codicons/src/icons/filter.svg';
import filterFilled from '@vscode/codicons/src/icons/filter-filled.svg';
import flame from '@vscode/codicons/src/icons/flame.svg';
import goToFile from '@vscode/codicons/src/icons/go-to-file.svg';
import info from '@vscode/codicons/src/icons/info.svg';
import pin from '@vscode/codicons/src/icons/pin.svg';
import question from '@vscode/codicons/src/icons/question.svg';
import screenFull from '@vscode/codicons/src/icons/screen-full.svg';
import settings from '@vscode/codicons/src/icons/settings.svg';
import splitHorizontal from '@vscode/codicons/src/icons/split-horizontal.svg';
import tag from '@vscode/codicons/src/icons/tag.svg';
import verified from '@vscode/codicons/src/icons/verified.svg';
import warning from '@vscode/codicons/src/icons/warning.svg';
import zoomIn from '@vscode/codicons/src/icons/zoom-in.svg';
import zoomOut from '@vscode/codicons/src/icons/zoom-out.svg';
import { html, type TemplateResult } from 'lit';
import { unsafeSVG } from 'lit/directives/unsafe-svg.js';

/** Codicons by name, inlined: neither a font nor a request is needed. */
const icons = {
  'arrow-left': arrowLeft,
  'arrow-right': arrowRight,
  beaker,
  'chevron-left': chevronLeft,
  'chevron-right': chevronRight,
  close,
  copy,
  discard,
  error,
  export: exportIcon,
  'filter-filled': filterFilled,
  filter,
  'go-to-file': goToFile,
  info,
  question,
  'screen-full': screenFull,
  pin,
  settings,
  'split-horizontal': splitHorizontal,
  warning,
  'zoom-in': zoomIn,
  'zoom-out': zoomOut,
  check,
  'circle-slash': circleSlash,
  eye,
  flame,
  tag,
  verified,
} as const;

export type IconName = keyof typeof icons;

/** An icon as decoration; whoever uses it gives the control its name. */
export function icon(name: IconName): TemplateResult {
  return html`<span class="icon" aria-hidden="true">${unsafeSVG(icons[name])}</span>`;
}

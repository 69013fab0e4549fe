import { describeCases } from './describeCases';

describeCases('resnet101');

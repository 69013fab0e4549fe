import { describeCases } from './describeCases';

describeCases('resnet50-frozen');

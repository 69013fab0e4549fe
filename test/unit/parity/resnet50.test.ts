import { describeCases } from './describeCases';

describeCases('resnet50');
describeCases('resnet50', 'former');

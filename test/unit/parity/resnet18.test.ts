import { describeCases } from './describeCases';

describeCases('resnet18');

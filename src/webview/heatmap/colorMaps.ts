export * from '../../common/colorMaps';

/** Whether a file is called like an image that can be decoded. */
export const isImageName = (name: string): boolean => /\.(png|jpe?g)$/i.test(name) && !name.startsWith('.');

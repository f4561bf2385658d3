export async function checkPackage(_a: unknown, _b: unknown): Promise<void> {}

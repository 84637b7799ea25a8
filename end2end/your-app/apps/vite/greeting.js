export const greeting = 'Hello from the module';

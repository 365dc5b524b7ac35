// What Vite makes of a file that is imported: its address.
declare module '*.svg' {
  const address: string;
  export default address;
}
declare module '*.css';

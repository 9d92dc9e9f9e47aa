export function render() {
  return 'Hello Vite!'
}

/** Starts a clock; the function returned gives the time since then for people: `0.4 s`, `12 s`, `3 min 5 s`. */
export function startClock() {
  const start = performance.now();
  return () => {
    const seconds = (performance.now() - start) / 1000;
    if (seconds < 10) return `${seconds.toFixed(1)} s`;
    const whole = Math.round(seconds);
    return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  };
}

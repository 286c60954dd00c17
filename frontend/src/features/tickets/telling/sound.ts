const APART = 1_500;
let audio: HTMLAudioElement | null = null;
let playedAt = 0;

/** The sound of a new message; many at once are one. Browsers refuse it until the person has touched the page. */
export async function ring(volume: number): Promise<boolean> {
  if (Date.now() - playedAt < APART) return true;
  playedAt = Date.now();
  audio ??= new Audio(`${import.meta.env.BASE_URL}new-message.wav`);
  audio.volume = volume;
  audio.currentTime = 0;
  return audio.play().then(
    () => true,
    () => false,
  );
}

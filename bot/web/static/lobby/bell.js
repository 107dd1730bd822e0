// Two soft notes, as often as somebody rings. Browsers allow sound only after a touch.

const NOTES = [660, 880];
const LOUDNESS = 0.2;

let sound = null;

export function canRing() {
  return sound !== null && sound.state === "running";
}

export async function allow() {
  sound = sound || new AudioContext();
  await sound.resume();
}

export function ring() {
  if (!canRing()) return;
  NOTES.forEach((note, place) => {
    const at = sound.currentTime + place * 0.28;
    const tone = new OscillatorNode(sound, { frequency: note, type: "sine" });
    const volume = new GainNode(sound, { gain: 0 });
    volume.gain.setValueAtTime(0, at);
    volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.03);
    volume.gain.exponentialRampToValueAtTime(0.001, at + 0.5);
    tone.connect(volume).connect(sound.destination);
    tone.start(at);
    tone.stop(at + 0.6);
  });
}

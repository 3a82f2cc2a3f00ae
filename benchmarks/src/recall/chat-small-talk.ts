// What is said in chats without telling anything.

/** Said at the beginning of a session; `{other}` is spoken to. */
export const openers: readonly string[] = [
  "Hey {other}, long time no see! What have you been up to?",
  "Good morning everyone, how was your week?",
  "Hi {other}! I was just thinking about you. Anything new?",
  "Hello hello, is anybody awake?",
  "Finally a quiet evening. How are things, {other}?",
  "Hey! Sorry that I didn't write back, it has been crazy here.",
];

/** Said after something was told. */
export const reactions: readonly string[] = [
  "Oh wow, that's great, I am really happy for you!",
  "Haha, that is so you. I can picture it.",
  "No way! Tell me more when we meet.",
  "Oh no, I'm sorry to hear that. Is there anything I can do?",
  "Sounds wonderful, {other}. You deserve it.",
  "Interesting, I wouldn't have expected that.",
  "Good for you! I could never decide that quickly.",
  "That reminds me of last year, remember?",
  "I knew it! I said so from the start.",
  "Amazing. Send a picture, please.",
  "Really? My cousin went through exactly the same thing.",
  "Take it easy, {other}, and let me know how it goes.",
];

/** Said to keep a chat going. */
export const remarks: readonly string[] = [
  "Thanks, {other}, that means a lot to me.",
  "Yes, it was about time. I still can't quite believe it.",
  "I know, right? Everybody says the same.",
  "We'll see how it turns out. One day at a time.",
  "True. Anyway, how about you, what is going on at your end?",
  "I'll tell you everything over a coffee next week.",
  "It's not a big thing, but it makes me smile.",
  "Let's talk about something nicer, shall we?",
  "You are right, I should worry less.",
  "Honestly, I needed some good news after this month.",
];

import type { Script } from "./code-pages.ts";

/** A way to write: letters beyond ASCII with how often each stands among them, in thousandths. */
export interface Alphabet {
  /** Languages, for the reader of this table. */
  readonly of: string;
  readonly script: Script;
  /** Small letters, each followed by its thousandths. */
  readonly letters: string;
  /** Written in few files: logarithm of how few, beside the languages of its script. */
  readonly rarity?: number;
}

/**
 * Alphabets that single-byte code pages were made for. The frequencies were counted in the messages of programs,
 * translated into each language, letters of other languages left out; a few rare letters were added by hand.
 */
export const ALPHABETS: readonly Alphabet[] = Object.freeze([
  { of: "French", script: "latin", letters: "é700 è77 à70 ê57 ç20 ô19 î15 â12 û8 ù7 ï4 ë4 œ6 ü1" },
  { of: "German", script: "latin", letters: "ü490 ä230 ö160 ß110 é10" },
  { of: "Spanish, Galician", script: "latin", letters: "ó400 á240 í150 ú80 é70 ñ60 ü3" },
  { of: "Portuguese", script: "latin", letters: "ã280 ç175 á135 í110 é85 ó60 ú50 õ38 ê45 â14 ô8 à10" },
  { of: "Italian", script: "latin", letters: "è400 à290 ò100 ù90 é80 ì40" },
  { of: "Catalan", script: "latin", letters: "ó230 à200 é170 í110 è80 ò65 ç60 ú55 ï20 ü16" },
  { of: "Swedish", script: "latin", letters: "ä440 ö290 å250 é15" },
  { of: "Danish, Norwegian", script: "latin", letters: "å340 ø360 æ280 é20" },
  { of: "Finnish", script: "latin", letters: "ä895 ö95 å5 š4 ž1" },
  { of: "Icelandic", script: "latin", rarity: -4, letters: "í225 ð225 á170 ó100 ú75 ý60 æ50 þ50 ö35 é30" },
  { of: "Dutch, Afrikaans", script: "latin", letters: "é330 ë330 ï140 ê100 è40 ö30 ü30" },
  { of: "Irish, Welsh", script: "latin", rarity: -2, letters: "á300 í250 é150 ú140 ó120 ŵ20 ŷ10 â10" },
  { of: "Albanian", script: "latin", rarity: -2, letters: "ë850 ç150" },
  { of: "Polish", script: "latin", letters: "ł200 ż140 ę135 ą130 ś115 ó120 ć90 ń50 ź18" },
  { of: "Czech", script: "latin", letters: "í225 á190 ř90 č84 ý75 é100 ž75 ě100 š65 ů40 ú10 ó3 ň6 ť3 ď3" },
  { of: "Slovak", script: "latin", letters: "á215 č110 í110 ý95 ť65 é85 ú81 ž77 ľ49 š60 ó10 ä9 ň10 ô12 ĺ5 ď6 ŕ1" },
  { of: "Hungarian", script: "latin", letters: "á325 é310 ó96 í65 ö80 ő65 ü40 ú26 ű15" },
  { of: "Romanian", script: "latin", letters: "ă460 ţ120 ş140 î150 â90 ț10 ș10" },
  { of: "Croatian, Slovene, Bosnian", script: "latin", letters: "č350 š290 ž180 ć120 đ60" },
  { of: "Turkish", script: "latin", letters: "ı400 ç125 ş150 ü140 ğ90 ö75 İ40 â4 î2 û2" },
  { of: "Lithuanian", script: "latin", letters: "ų180 ė190 š190 ž120 į95 č68 ą75 ū55 ę30" },
  { of: "Latvian", script: "latin", letters: "ā330 ē190 ī180 š118 ļ40 ū55 ņ45 ž20 ķ14 ģ10 č10" },
  { of: "Estonian", script: "latin", letters: "ä370 õ280 ü240 ö70 š20 ž10" },
  {
    of: "Russian",
    script: "cyrillic",
    letters:
      "о105 е88 а82 и75 н66 т62 р49 с53 л45 в44 к35 п30 д31 м31 у26 я21 з18 ы19 ь19 й13 б17 ч14 г17 ж10 ц5 ф4 х9 ю6 ш7 щ4 э3 ё1 ъ1",
  },
  {
    of: "Ukrainian",
    script: "cyrillic",
    letters:
      "а95 н75 о88 е53 и60 і57 р48 т53 в52 к41 с41 л38 д34 у34 п29 м31 я25 з22 б17 ь17 г15 й13 ч13 ж8 ц7 х10 є6 ф4 ш7 ю7 ї6 щ4 ґ1",
  },
  {
    of: "Bulgarian",
    script: "cyrillic",
    letters:
      "а128 е95 н80 и83 о84 т72 р51 с47 в42 д37 п32 к33 з25 л32 м26 ъ18 я17 б15 у15 ч12 ж8 г13 й8 ф4 ц6 ш7 щ6 х7 ю2 ь1",
  },
  {
    of: "Belarusian",
    script: "cyrillic",
    letters:
      "а160 н72 р50 к45 і50 с45 л43 ы39 е42 д36 т34 я36 в32 у32 м30 о32 п27 ц24 з24 ь22 э17 г18 б18 ў15 ч15 й10 ш10 х9 ф3 ж7 ю6 ё6",
  },
  {
    of: "Serbian, Macedonian",
    script: "cyrillic",
    letters:
      "а130 е95 и86 о90 н62 р52 т52 с46 к40 у38 д38 п33 в35 м33 ј35 з22 л30 б17 г16 ч10 ш10 њ8 ц8 љ7 ж6 ћ7 х6 ф3 ђ3 џ1 ќ1 ѓ1",
  },
  {
    of: "Greek",
    script: "greek",
    letters:
      "α98 ο88 ε71 τ75 ι63 ν62 ρ43 σ46 μ38 η42 κ37 π36 υ31 ς33 λ29 ί26 γ20 δ20 ά22 ή19 έ21 ό20 χ14 θ12 ω13 φ9 ύ9 β6 ώ7 ζ4 ξ4 ψ2 ϊ1 ϋ1 ΐ1 ΰ1",
  },
  {
    of: "Hebrew",
    script: "hebrew",
    letters:
      "י115 ו105 ה95 ל68 א62 ר57 ת52 נ38 מ49 ב48 ק25 ש43 פ20 ס17 ד27 ג17 ט15 ן14 ע28 ח22 ם24 צ11 כ22 ז10 ץ3 ך8 ף3",
  },
  {
    of: "Arabic",
    script: "arabic",
    letters:
      "ا145 ل115 ي75 م62 ر48 و55 ن50 ة30 ت42 د30 ف26 س26 ع32 ب35 ح20 ك24 ق20 ج14 ه28 ص11 أ16 ط10 خ10 غ8 ذ8 إ9 ش12 ز7 ض7 ى8 ث4 ء4 ئ3 ظ3 ؤ2 آ2 ّ5 َ5 ِ3 ُ3 ً2 ْ2 ـ2",
  },
  {
    of: "Persian",
    script: "arabic",
    letters:
      "ا135 ي115 ن80 ر75 و62 د68 ه60 ت46 م52 ب38 س30 ك27 ش28 ل26 پ10 ز20 ف12 گ13 ج10 خ13 ع11 ق9 ص6 ح9 ط5 چ5 آ7 ظ3 غ3 ئ2 ذ2 ض2 ژ1 ث1",
  },
  {
    of: "Thai",
    script: "thai",
    letters:
      "า77 ร58 อ55 น52 เ48 ม42 ก45 ี30 ล31 ่42 ั36 ิ27 ต25 ด27 ส24 ง33 บ24 ย25 ้35 ว26 ์14 แ18 ไ20 ค22 โ10 ท22 ู14 ป18 ซ7 ห26 ะ16 ช13 จ17 ข14 พ16 ื13 ุ14 ำ10 ณ7 ฟ4 ใ12 ภ5 ็8 ษ4 ถ7 ธ5 ผ7 ฐ2 ฮ2 ศ5 ญ4 ึ6 ฤ1 ฉ4 ฝ2 ๆ3",
  },
]);

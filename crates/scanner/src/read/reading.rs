//! In which order a picture is looked at, and when to give up.

use super::{
    Corner, DecodedCode, MAX_CODES, MAX_TEXT_BYTES,
    bits::Bits,
    enhance::Area,
    look::{self, Bounds, Hint, Seen, Spot},
    second, threshold,
};
use crate::LumaPicture;

/// For looking at a still picture.
const STILL: Bounds = Bounds {
    step: 3,
    crossings: 40_000,
    finders: 256,
    tries: 1_500,
};
/// For looking at a frame.
const FRAME: Bounds = Bounds {
    step: 3,
    crossings: 5_000,
    finders: 40,
    tries: 60,
};
/// For looking at a place where a code is.
const PLACE: Bounds = Bounds {
    step: 2,
    crossings: 3_000,
    finders: 24,
    tries: 40,
};

/// Larger still pictures are first looked at in a smaller copy.
const HANDY_PIXELS: usize = 4_000_000;
/// The pixels of a place that is looked at enlarged, at most.
const PLACE_PIXELS: usize = 3_000_000;
/// The same for a frame.
const FRAME_PLACE_PIXELS: usize = 800_000;
/// How many places of a picture are looked at closely.
const MAX_PLACES: usize = 12;
/// The work for a still picture, counted in pixels looked at. A second or so.
const STILL_WORK: usize = 200_000_000;
/// What reading one set of finder patterns counts as, in pixels.
const WORK_OF_A_TRY: usize = 20_000;
/// A module this large is read well, in pixels.
const GOOD_MODULE: f32 = 6.0;

/// The blurs that a picture is freed of, in pixels.
const BLURS: [usize; 4] = [2, 3, 5, 7];
/// In how many steps.
const RESTORING_STEPS: usize = 6;

/// Where a derived picture lies in the one it was made of.
#[derive(Debug, Clone, Copy)]
struct Map {
    scale: f32,
    left: f32,
    top: f32,
}

impl Map {
    fn scaled(scale: f32) -> Self {
        Self {
            scale,
            left: 0.0,
            top: 0.0,
        }
    }

    fn apply(self, (x, y): Spot) -> Spot {
        (x * self.scale + self.left, y * self.scale + self.top)
    }
}

/// Dark on light, or light on dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ink {
    Dark,
    Light,
}

/// A place with a code that was not read.
struct Place {
    hint: Hint,
    ink: Ink,
}

/// A place, cut out, enlarged, and dark on light.
struct Cutout {
    picture: LumaPicture,
    map: Map,
    ink: Ink,
    /// The side of a module in its pixels.
    module: f32,
}

impl Cutout {
    /// So many modules in whole pixels, at least one.
    fn modules(&self, count: f32) -> usize {
        whole(self.module * count).max(1)
    }
}

/// The ways of looking at a cut out place, those that help most often first.
#[derive(Debug, Clone, Copy)]
enum Closer {
    Plain,
    /// Against blur: the strength in quarters.
    Sharpened(i32),
    /// Against noise and grids.
    Soft,
    /// Against uneven light: the radius in modules.
    Means(f32),
    SoftMeans(f32),
}

const CLOSER: [Closer; 8] = [
    Closer::Plain,
    Closer::Sharpened(4),
    Closer::Sharpened(10),
    Closer::Soft,
    Closer::Means(2.0),
    Closer::Means(4.0),
    Closer::Means(8.0),
    Closer::SoftMeans(4.0),
];

/// The reading of one picture.
pub(super) struct Reading<'a> {
    picture: &'a LumaPicture,
    codes: Vec<DecodedCode>,
    places: Vec<Place>,
    /// The first of them that was not looked at closely.
    next_place: usize,
    /// What may still be done.
    work: usize,
}

impl<'a> Reading<'a> {
    pub(super) fn of(picture: &'a LumaPicture) -> Self {
        Self {
            picture,
            codes: Vec::new(),
            places: Vec::new(),
            next_place: 0,
            work: STILL_WORK,
        }
    }

    /// Looks plainly and at half the size, closer at a place with a code that was not read, and by
    /// turns in one other way.
    pub(super) fn frame(mut self, number: u64) -> Vec<DecodedCode> {
        let factor = root(self.picture.pixels().len().div_ceil(HANDY_PIXELS));
        let handy = self.picture.reduced(factor);
        let map = Map::scaled(float(factor));
        if self.both_inks(&threshold::by_blocks(&handy), map, FRAME) {
            return self.codes;
        }
        if !self.places.is_empty() {
            let ways: &[Closer] = match number % 3 {
                0 => &[Closer::Plain, Closer::Sharpened(4)],
                1 => &[Closer::Sharpened(10), Closer::Soft],
                _ => &[Closer::Means(4.0)],
            };
            self.places.truncate(1);
            self.closer(ways, FRAME_PLACE_PIXELS);
            if !self.codes.is_empty() {
                return self.codes;
            }
        }
        // Averages out the grid of a screen, and noise.
        let half = handy.reduced(2);
        let half_map = Map::scaled(map.scale * 2.0);
        if self.both_inks(&threshold::by_blocks(&half), half_map, FRAME) {
            return self.codes;
        }
        match number % 3 {
            0 => {
                let clear = half.softened().stretched(16, 12);
                self.both_inks(&threshold::by_blocks(&clear), half_map, FRAME);
            }
            1 => {
                let middle = Area::middle_of(&handy, 3);
                let tile = handy.enlarged(middle, 2).sharpened(1, 4);
                let map = Map {
                    scale: map.scale / 2.0,
                    left: float(middle.left) * map.scale,
                    top: float(middle.top) * map.scale,
                };
                self.both_inks(&threshold::by_blocks(&tile), map, FRAME);
            }
            _ => {
                let bits = threshold::by_means(&half.softened(), 8, 3);
                let seen = second::look(&bits);
                self.take(seen, half_map, Ink::Dark);
            }
        }
        self.codes
    }

    /// Looks in every way until there is a code; the ways that cost little are all taken, for
    /// pictures with several codes. Does one of so many parts of the work.
    pub(super) fn still(mut self, parts: usize) -> Vec<DecodedCode> {
        self.work /= parts.max(1);
        let factor = root(self.picture.pixels().len().div_ceil(HANDY_PIXELS));
        let handy = self.picture.reduced(factor);
        let map = Map::scaled(float(factor));
        let half = handy.reduced(2);
        let half_map = Map::scaled(map.scale * 2.0);
        self.both_inks(&threshold::by_blocks(&handy), map, STILL);
        self.both_inks(&threshold::by_blocks(&half), half_map, STILL);
        if factor > 1 && self.codes.is_empty() {
            let whole = self.picture;
            self.both_inks(&threshold::by_blocks(whole), Map::scaled(1.0), STILL);
        }
        self.closer(&CLOSER, PLACE_PIXELS);
        if self.codes.is_empty() {
            self.harder(&handy, map, &half, half_map);
        }
        self.codes
    }

    /// The ways that cost more.
    fn harder(&mut self, handy: &LumaPicture, map: Map, half: &LumaPicture, half_map: Map) {
        let soft = handy.softened();
        let soft_half = half.softened();
        let clear = threshold::by_blocks(&soft.stretched(32, 12));
        if self.both_inks(&clear, map, STILL) {
            return;
        }
        let clear = threshold::by_blocks(&soft_half.stretched(32, 12));
        if self.both_inks(&clear, half_map, STILL) {
            return;
        }
        for radius in [8, 16, 32] {
            let bits = threshold::by_means(&soft, radius, 3);
            if self.both_inks(&bits, map, STILL) || self.second(&bits, map) {
                return;
            }
        }
        self.closer(&CLOSER, PLACE_PIXELS);
        for radius in BLURS {
            // As much as two means and a sum for each step.
            if !self.codes.is_empty() || !self.may_do(soft.pixels().len() * RESTORING_STEPS * 2) {
                return;
            }
            let clear = soft.restored(radius, RESTORING_STEPS);
            self.both_inks(&threshold::by_blocks(&clear), map, STILL);
        }
        self.closer(&CLOSER, PLACE_PIXELS);
        if !self.codes.is_empty() || handy.pixels().len() * 4 > 3 * HANDY_PIXELS {
            return;
        }
        let double = handy.enlarged(Area::whole(handy), 2);
        let double_map = Map::scaled(map.scale / 2.0);
        if self.both_inks(&threshold::by_blocks(&double), double_map, STILL) {
            return;
        }
        let sharp = threshold::by_blocks(&double.sharpened(2, 4));
        if !self.both_inks(&sharp, double_map, STILL) {
            self.closer(&CLOSER, PLACE_PIXELS);
        }
    }

    /// Looks for dark and for light codes. Says whether there are some.
    fn both_inks(&mut self, bits: &Bits, map: Map, bounds: Bounds) -> bool {
        let dark = self.first(bits, map, Ink::Dark, bounds);
        let light = self.first(&bits.inverted(), map, Ink::Light, bounds);
        dark || light
    }

    fn first(&mut self, bits: &Bits, map: Map, ink: Ink, bounds: Bounds) -> bool {
        let pixels = bits.width() * bits.height();
        if !self.may_do(pixels) {
            return false;
        }
        let seen = look::look(bits, bounds);
        self.work = self.work.saturating_sub(seen.tries * WORK_OF_A_TRY);
        self.take(seen, map, ink)
    }

    fn second(&mut self, bits: &Bits, map: Map) -> bool {
        self.may_do(bits.width() * bits.height() * 4)
            && self.take(second::look(bits), map, Ink::Dark)
    }

    fn may_do(&mut self, work: usize) -> bool {
        let may = self.work >= work;
        self.work = self.work.saturating_sub(work);
        may
    }

    /// Keeps what was seen. Says whether there was a code.
    fn take(&mut self, seen: Seen, map: Map, ink: Ink) -> bool {
        let mut is_any = false;
        for read in seen.codes {
            if read.text.is_empty() || read.text.len() > MAX_TEXT_BYTES {
                continue;
            }
            is_any = true;
            let is_new = self.codes.iter().all(|code| code.text != read.text);
            if is_new && self.codes.len() < MAX_CODES {
                self.codes.push(DecodedCode {
                    text: read.text,
                    corners: read.corners.map(|spot| corner(map.apply(spot))),
                });
            }
        }
        for hint in seen.hints {
            let hint = Hint {
                corners: hint.corners.map(|spot| map.apply(spot)),
                module: hint.module * map.scale,
            };
            let is_known = self
                .places
                .iter()
                .any(|place| place.ink == ink && place.hint.is_same_as(&hint));
            if !is_known && self.places.len() < MAX_PLACES {
                self.places.push(Place { hint, ink });
            }
        }
        is_any
    }

    /// Looks closer at the places that were not looked at closely yet: at each in one way, then at
    /// each in the next way, so that one stubborn place does not keep the others from being read.
    fn closer(&mut self, ways: &[Closer], max_pixels: usize) {
        let new = self.places[self.next_place..].iter();
        let mut cutouts: Vec<Cutout> = new
            .filter(|place| !self.codes.iter().any(|code| place.hint.is_around(code)))
            .filter_map(|place| cut_out(self.picture, place, max_pixels))
            .collect();
        self.next_place = self.places.len();
        for way in ways {
            cutouts.retain(|cutout| !self.looks_closer(cutout, *way));
        }
        // What was seen there is what was looked at.
        self.places.truncate(self.next_place);
    }

    fn looks_closer(&mut self, cutout: &Cutout, way: Closer) -> bool {
        let Cutout {
            picture, map, ink, ..
        } = cutout;
        let bits = match way {
            Closer::Plain => threshold::by_blocks(picture),
            Closer::Sharpened(quarters) => {
                threshold::by_blocks(&picture.sharpened(cutout.modules(0.5), quarters))
            }
            Closer::Soft => threshold::by_blocks(&picture.blurred(cutout.modules(0.25))),
            Closer::Means(radius) => threshold::by_means(picture, cutout.modules(radius), 2),
            Closer::SoftMeans(radius) => threshold::by_means(
                &picture.blurred(cutout.modules(0.25)),
                cutout.modules(radius),
                2,
            ),
        };
        let is_by_means = matches!(way, Closer::Means(_) | Closer::SoftMeans(_));
        self.first(&bits, *map, *ink, PLACE) || (is_by_means && self.second(&bits, *map))
    }
}

/// Cuts a place out, with the quiet zone, and enlarges it as far as that helps.
fn cut_out(picture: &LumaPicture, place: &Place, max_pixels: usize) -> Option<Cutout> {
    let hint = &place.hint;
    let margin = hint.module * 5.0;
    let side = |pick: fn(&Spot) -> f32, total: usize| {
        let values = hint.corners.iter().map(pick);
        let (low, high) = values.fold((f32::MAX, f32::MIN), |(low, high), value| {
            (low.min(value), high.max(value))
        });
        let first = whole(low - margin).min(total);
        (first, whole(high + margin).min(total) - first)
    };
    let (left, width) = side(|spot| spot.0, picture.width());
    let (top, height) = side(|spot| spot.1, picture.height());
    let area = Area {
        left,
        top,
        width,
        height,
    };
    if width < 16 || height < 16 || area.pixels() > max_pixels {
        return None;
    }
    let mut factor = whole((GOOD_MODULE / hint.module).ceil()).clamp(1, 4);
    while factor > 1 && area.pixels() * factor * factor > max_pixels {
        factor -= 1;
    }
    let enlarged = picture.enlarged(area, factor);
    Some(Cutout {
        picture: match place.ink {
            Ink::Dark => enlarged,
            Ink::Light => enlarged.inverted(),
        },
        map: Map {
            scale: 1.0 / float(factor),
            left: float(left),
            top: float(top),
        },
        ink: place.ink,
        module: hint.module * float(factor),
    })
}

/// The factor by which a picture becomes so many times smaller, at least.
fn root(times: usize) -> usize {
    (1..).find(|factor| factor * factor >= times).unwrap_or(1)
}

#[expect(clippy::cast_precision_loss, reason = "sides of a picture")]
fn float(side: usize) -> f32 {
    side as f32
}

/// Whole pixels; what is negative or no number becomes 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` stops at the ends of the range"
)]
fn whole(pixels: f32) -> usize {
    pixels as usize
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "`as` stops at the ends of the range"
)]
fn corner((x, y): Spot) -> Corner {
    Corner {
        x: x.round() as i32,
        y: y.round() as i32,
    }
}

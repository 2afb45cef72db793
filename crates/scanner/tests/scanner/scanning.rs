//! The scanner at work.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
        mpsc::{self, Receiver},
    },
    thread,
    time::Duration,
};

use image::ImageFormat;
use tessera_scanner::{
    Frame, FrameFormat, FrameSource, Preview, ScanError, ScanEvent, Scanner, ScannerSettings,
    source::{ImageSource, Recording, RecordingEnd, RecordingSettings},
};

use crate::drawing::{OTHER_REFERENCE, REFERENCE, code, encoded, page};

/// Far longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(60);

fn start<S: FrameSource>(
    open: impl FnOnce() -> Result<S, ScanError> + Send + 'static,
) -> (Scanner, Receiver<ScanEvent>) {
    let (sender, receiver) = mpsc::channel();
    let sender = Mutex::new(sender);
    let scanner = Scanner::start(open, ScannerSettings::default(), move |event| {
        let _ = sender.lock().unwrap().send(event);
    });
    (scanner, receiver)
}

/// What was found up to the end, and how it ended.
fn until_end(events: &Receiver<ScanEvent>) -> (Vec<String>, Option<ScanError>) {
    let mut texts = Vec::new();
    loop {
        match events.recv_timeout(PATIENCE).unwrap() {
            ScanEvent::Preview(_) => {}
            ScanEvent::Found { codes, picture } => {
                let inside = |corner: &tessera_scanner::Corner| {
                    usize::try_from(corner.x).is_ok_and(|x| x <= picture.width())
                        && usize::try_from(corner.y).is_ok_and(|y| y <= picture.height())
                };
                assert!(codes.iter().all(|code| code.corners.iter().all(inside)));
                texts.extend(codes.into_iter().map(|code| code.text));
            }
            ScanEvent::Ended(end) => return (texts, end),
        }
    }
}

#[test]
fn an_image_is_shown_read_and_ends() {
    let (_scanner, events) = start(|| {
        let picture = page(1280, 720, &[(&code(REFERENCE, 5), 100, 100)]);
        ImageSource::from_bytes(&encoded(&picture, ImageFormat::Png))
    });
    let ScanEvent::Preview(preview) = events.recv_timeout(PATIENCE).unwrap() else {
        panic!("the preview comes first");
    };
    assert_eq!((preview.width, preview.height), (320, 180));
    assert_eq!(preview.luma.len(), 320 * 180);
    assert_eq!(until_end(&events), (vec![REFERENCE.to_owned()], None));
    assert!(
        events.recv_timeout(PATIENCE).is_err(),
        "nobody is left who could tell more"
    );
}

#[test]
fn a_source_that_does_not_open_ends_at_once() {
    let (_scanner, events) = start(|| Err::<ImageSource, ScanError>(ScanError::CameraPermission));
    let end = until_end(&events);
    assert_eq!(end, (vec![], Some(ScanError::CameraPermission)));
}

#[test]
fn every_picture_of_a_recording_is_read_until_the_device_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let texts = [REFERENCE, OTHER_REFERENCE, "three", "four"];
    for (number, text) in texts.iter().enumerate() {
        let format = [ImageFormat::Png, ImageFormat::Jpeg][number % 2];
        let ending = ["png", "jpg"][number % 2];
        let path = folder.path().join(format!("{number}.{ending}"));
        std::fs::write(path, encoded(&code(text, 4), format)).unwrap();
    }
    let path = folder.path().to_owned();
    let (_scanner, events) = start(move || {
        let settings = RecordingSettings {
            interval: Duration::ZERO,
            end: RecordingEnd::DeviceLost,
        };
        Recording::open(&path, settings)
    });
    let (found, end) = until_end(&events);
    assert_eq!(found, texts);
    assert_eq!(end, Some(ScanError::CameraLost));
}

/// A camera that gives the same frame for ever.
struct Endless {
    frame: Frame,
    given: Arc<AtomicU32>,
    is_closed: Arc<AtomicBool>,
}

impl FrameSource for Endless {
    fn next_frame(&mut self) -> Result<Option<Frame>, ScanError> {
        thread::sleep(Duration::from_millis(2));
        self.given.fetch_add(1, Ordering::SeqCst);
        Ok(Some(self.frame.clone()))
    }
}

impl Drop for Endless {
    fn drop(&mut self) {
        self.is_closed.store(true, Ordering::SeqCst);
    }
}

fn endless(bytes: Vec<u8>) -> (Endless, Arc<AtomicU32>, Arc<AtomicBool>) {
    let (given, is_closed) = (Arc::default(), Arc::default());
    let source = Endless {
        frame: Frame {
            width: 0,
            height: 0,
            stride: 0,
            format: FrameFormat::Mjpeg,
            bytes,
            at: Duration::ZERO,
        },
        given: Arc::clone(&given),
        is_closed: Arc::clone(&is_closed),
    };
    (source, given, is_closed)
}

#[test]
fn a_live_source_is_read_until_it_is_stopped_and_then_closed() {
    let picture = page(640, 480, &[(&code(REFERENCE, 4), 100, 100)]);
    let (source, given, is_closed) = endless(encoded(&picture, ImageFormat::Jpeg));
    let (scanner, events) = start(move || Ok(source));
    let mut found = 0;
    while found < 3 {
        if let ScanEvent::Found { codes, .. } = events.recv_timeout(PATIENCE).unwrap() {
            assert_eq!(codes[0].text, REFERENCE);
            found += 1;
        }
    }
    assert!(
        given.load(Ordering::SeqCst) > 3,
        "frames are taken while others are read"
    );
    scanner.stop();
    assert!(is_closed.load(Ordering::SeqCst));
    // What was on its way may still come, an end is not told.
    while let Ok(event) = events.recv_timeout(PATIENCE) {
        assert!(!matches!(event, ScanEvent::Ended(_)));
    }
}

#[test]
fn dropping_a_scanner_stops_it() {
    let picture = page(640, 480, &[(&code(REFERENCE, 4), 100, 100)]);
    let (source, _, is_closed) = endless(encoded(&picture, ImageFormat::Jpeg));
    let (scanner, events) = start(move || Ok(source));
    events.recv_timeout(PATIENCE).unwrap();
    drop(scanner);
    // The channel closes when both threads are gone.
    while events.recv_timeout(PATIENCE).is_ok() {}
    assert!(is_closed.load(Ordering::SeqCst));
}

#[test]
fn a_camera_that_gives_only_rubbish_is_given_up() {
    let (source, given, _) = endless(b"\xff\xd8\xff rubbish".to_vec());
    let (_scanner, events) = start(move || Ok(source));
    assert_eq!(until_end(&events), (vec![], Some(ScanError::BrokenFrame)));
    assert_eq!(given.load(Ordering::SeqCst), 100);
}

#[test]
fn a_picture_is_dark_when_nothing_in_it_is_bright() {
    let preview = |bright: usize| Preview {
        width: 100,
        height: 1,
        luma: (0..100)
            .map(|x| if x < bright { 200 } else { 20 })
            .collect(),
    };
    assert!(preview(0).is_dark());
    assert!(preview(1).is_dark(), "a speck of light");
    assert!(!preview(2).is_dark(), "a lit screen in a dark room");
    assert!(!preview(100).is_dark());
}

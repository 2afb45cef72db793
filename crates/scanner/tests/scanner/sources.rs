//! Images and recordings as sources of frames.

use std::{fs, io::ErrorKind, time::Duration};

use image::ImageFormat;
use tessera_scanner::{
    FrameFormat, FrameSource, ScanError, decode,
    source::{ImageSource, Recording, RecordingEnd, RecordingSettings},
};

use crate::drawing::{OTHER_REFERENCE, REFERENCE, code, encoded};

fn next_text(source: &mut impl FrameSource) -> Option<String> {
    let frame = source.next_frame().unwrap().unwrap();
    decode(&frame.to_luma().unwrap())
        .pop()
        .map(|code| code.text)
}

#[test]
fn an_image_is_one_frame() {
    let folder = tempfile::tempdir().unwrap();
    // The name says nothing about what is in it.
    let path = folder.path().join("code.txt");
    fs::write(&path, encoded(&code(REFERENCE, 4), ImageFormat::WebP)).unwrap();
    let mut source = ImageSource::open(&path).unwrap();
    assert_eq!(next_text(&mut source).as_deref(), Some(REFERENCE));
    assert_eq!(source.next_frame().unwrap(), None);
}

#[test]
fn what_can_not_be_opened_is_told_without_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("private-name.png");
    let error = ImageSource::open(&missing).unwrap_err();
    assert_eq!(
        error,
        ScanError::FileUnreadable {
            kind: ErrorKind::NotFound
        }
    );
    assert!(!format!("{error} {error:?}").contains("private-name"));
    assert!(matches!(
        ImageSource::open(folder.path()).unwrap_err(),
        ScanError::FileUnreadable { .. }
    ));
    assert_eq!(
        ImageSource::from_bytes(b"text").unwrap_err(),
        ScanError::NotAPicture
    );
}

#[test]
fn a_file_without_end_is_left_early() {
    #[cfg(target_os = "linux")]
    assert_eq!(
        ImageSource::open(std::path::Path::new("/dev/zero")).unwrap_err(),
        ScanError::TooManyBytes
    );
}

fn recording(end: RecordingEnd) -> (tempfile::TempDir, Recording) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    write(
        "2.PNG",
        &encoded(&code(OTHER_REFERENCE, 4), ImageFormat::Png),
    );
    write("1.jpg", &encoded(&code(REFERENCE, 4), ImageFormat::Jpeg));
    write("notes.txt", b"not a picture");
    let settings = RecordingSettings {
        interval: Duration::ZERO,
        end,
    };
    let recording = Recording::open(folder.path(), settings).unwrap();
    (folder, recording)
}

#[test]
fn a_recording_is_played_by_name() {
    let (_folder, mut recording) = recording(RecordingEnd::Stop);
    let first = recording.next_frame().unwrap().unwrap();
    assert_eq!(first.format, FrameFormat::Mjpeg, "as from a camera");
    assert_eq!(decode(&first.to_luma().unwrap())[0].text, REFERENCE);
    let second = recording.next_frame().unwrap().unwrap();
    assert_eq!(second.format, FrameFormat::Luma8);
    assert_eq!(decode(&second.to_luma().unwrap())[0].text, OTHER_REFERENCE);
    assert!(second.at >= first.at);
    assert_eq!(recording.next_frame().unwrap(), None);
    assert_eq!(recording.next_frame().unwrap(), None);
}

#[test]
fn a_recording_can_repeat_or_lose_its_device() {
    let (_folder, mut repeated) = recording(RecordingEnd::Repeat);
    for expected in [
        REFERENCE,
        OTHER_REFERENCE,
        REFERENCE,
        OTHER_REFERENCE,
        REFERENCE,
    ] {
        assert_eq!(next_text(&mut repeated).as_deref(), Some(expected));
    }
    let (_folder, mut lost) = recording(RecordingEnd::DeviceLost);
    next_text(&mut lost);
    next_text(&mut lost);
    assert_eq!(lost.next_frame().unwrap_err(), ScanError::CameraLost);
    assert_eq!(lost.next_frame().unwrap_err(), ScanError::CameraLost);
}

#[test]
fn an_empty_folder_is_no_recording() {
    let folder = tempfile::tempdir().unwrap();
    let open = |path| Recording::open(path, RecordingSettings::default()).unwrap_err();
    assert_eq!(open(folder.path()), ScanError::EmptyRecording);
    assert!(matches!(
        open(&folder.path().join("none")),
        ScanError::FileUnreadable { .. }
    ));
}

#[test]
fn a_recording_whose_picture_is_damaged_says_so() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("1.png"), b"\x89PNG\r\n\x1a\nnothing").unwrap();
    let mut recording = Recording::open(folder.path(), RecordingSettings::default()).unwrap();
    assert_eq!(
        recording.next_frame().unwrap_err(),
        ScanError::BrokenPicture
    );
}

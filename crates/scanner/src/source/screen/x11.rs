//! Screens of an X server.

use x11rb::{
    connection::Connection,
    protocol::{
        randr::ConnectionExt as _,
        xproto::{ConnectionExt as _, ImageFormat, ImageOrder, Screen as Root, Setup, Visualtype},
    },
    rust_connection::{ReplyError, RustConnection},
};

use super::Screen;
use crate::{LumaPicture, ScanError, frame::brightness};

/// A part of what is on the screens.
struct Part {
    name: String,
    left: i16,
    top: i16,
    width: u16,
    height: u16,
}

/// The screens of a display: that of the environment, if none is named.
pub(super) fn screens(display: Option<&str>) -> Result<Vec<Screen>, ScanError> {
    let (connection, number) =
        RustConnection::connect(display).map_err(|_| ScanError::ScreenUnavailable)?;
    let root = &connection.setup().roots[number];
    let parts = parts(&connection, root);
    let capture = |part: Part| capture(&connection, root, part);
    parts.into_iter().map(capture).collect()
}

/// One for each monitor, or everything where the server does not know them.
fn parts(connection: &RustConnection, root: &Root) -> Vec<Part> {
    let known = || -> Result<Vec<Part>, ReplyError> {
        let monitors = connection.randr_get_monitors(root.root, true)?.reply()?;
        let part = |monitor: &x11rb::protocol::randr::MonitorInfo| {
            let name = connection.get_atom_name(monitor.name).ok()?.reply().ok()?;
            Some(Part {
                name: String::from_utf8_lossy(&name.name).into_owned(),
                left: monitor.x,
                top: monitor.y,
                width: monitor.width,
                height: monitor.height,
            })
        };
        Ok(monitors.monitors.iter().filter_map(part).collect())
    };
    match known() {
        Ok(parts) if !parts.is_empty() => parts,
        _ => vec![Part {
            name: String::new(),
            left: 0,
            top: 0,
            width: root.width_in_pixels,
            height: root.height_in_pixels,
        }],
    }
}

fn capture(connection: &RustConnection, root: &Root, part: Part) -> Result<Screen, ScanError> {
    let everything = u32::MAX;
    let image = connection
        .get_image(
            ImageFormat::Z_PIXMAP,
            root.root,
            part.left,
            part.top,
            part.width,
            part.height,
            everything,
        )
        .map_err(|_| ScanError::ScreenUnavailable)?
        .reply()
        .map_err(|_| ScanError::ScreenUnavailable)?;
    let luma = luma(connection.setup(), root, image.depth, &image.data)
        .ok_or(ScanError::ScreenUnavailable)?;
    Ok(Screen {
        name: part.name,
        left: part.left.into(),
        top: part.top.into(),
        picture: LumaPicture::new(part.width.into(), part.height.into(), luma)
            .map_err(|_| ScanError::ScreenUnavailable)?,
    })
}

/// The brightness of pixels of four bytes, whatever their order; screens have no others nowadays.
fn luma(setup: &Setup, root: &Root, depth: u8, data: &[u8]) -> Option<Vec<u8>> {
    let format = setup
        .pixmap_formats
        .iter()
        .find(|format| format.depth == depth)?;
    let depths = root.allowed_depths.iter();
    let mut visuals = depths.flat_map(|depth| &depth.visuals);
    let visual = visuals.find(|visual| visual.visual_id == root.root_visual)?;
    if format.bits_per_pixel != 32 {
        return None;
    }
    let color = |pixel: [u8; 4]| {
        let pixel = if setup.image_byte_order == ImageOrder::MSB_FIRST {
            u32::from_be_bytes(pixel)
        } else {
            u32::from_le_bytes(pixel)
        };
        brightness(channels(visual, pixel))
    };
    let pixels = data.chunks_exact(4);
    Some(
        pixels
            .map(|pixel| color([pixel[0], pixel[1], pixel[2], pixel[3]]))
            .collect(),
    )
}

/// Red, green and blue of a pixel, the upper eight bits of each.
fn channels(visual: &Visualtype, pixel: u32) -> [u8; 3] {
    [visual.red_mask, visual.green_mask, visual.blue_mask].map(|mask| {
        let value = (pixel & mask)
            .checked_shr(mask.trailing_zeros())
            .unwrap_or(0);
        let bits = mask.count_ones();
        let eight = if bits >= 8 {
            value >> (bits - 8)
        } else {
            value << (8 - bits)
        };
        eight.to_le_bytes()[0]
    })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::{
        io::{BufRead, BufReader},
        process::{Child, Command, Stdio},
    };

    use x11rb::protocol::xproto::{CreateGCAux, CreateWindowAux, WindowClass};

    use super::*;
    use crate::{decode, qr_png, read_picture};

    /// An X server that nobody sees, with one screen.
    struct Server(Child, String);

    impl Server {
        /// `None` where there is none installed.
        fn start() -> Option<Self> {
            let mut server = Command::new("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "900x700x24"])
                .stdout(Stdio::piped())
                .stderr(Stdio::null())
                .spawn()
                .ok()?;
            let mut number = String::new();
            let out = server.stdout.take().unwrap();
            BufReader::new(out).read_line(&mut number).unwrap();
            Some(Self(server, format!(":{}", number.trim())))
        }
    }

    impl Drop for Server {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }

    #[test]
    fn a_code_in_a_window_is_read_from_the_screen() {
        let Some(server) = Server::start() else {
            println!("not tested: there is no Xvfb");
            return;
        };
        let code = read_picture(&qr_png("nmshd://tr#abc", 5).unwrap()).unwrap();
        let (width, height) = (code.width() as u16, code.height() as u16);
        let (connection, number) = RustConnection::connect(Some(&server.1)).unwrap();
        let root = &connection.setup().roots[number];
        let (window, context) = (
            connection.generate_id().unwrap(),
            connection.generate_id().unwrap(),
        );
        let (class, visual) = (WindowClass::INPUT_OUTPUT, root.root_visual);
        let look = CreateWindowAux::new().override_redirect(1);
        connection
            .create_window(
                24, window, root.root, 300, 200, width, height, 0, class, visual, &look,
            )
            .unwrap();
        connection.map_window(window).unwrap();
        connection
            .create_gc(context, window, &CreateGCAux::new())
            .unwrap();
        for (y, row) in code.pixels().chunks_exact(code.width()).enumerate() {
            let row: Vec<u8> = row
                .iter()
                .flat_map(|luma| [*luma, *luma, *luma, 0])
                .collect();
            let format = ImageFormat::Z_PIXMAP;
            connection
                .put_image(format, window, context, width, 1, 0, y as i16, 0, 24, &row)
                .unwrap();
        }
        connection.get_input_focus().unwrap().reply().unwrap();

        let screens = screens(Some(&server.1)).unwrap();
        let [screen] = screens.as_slice() else {
            unreachable!("{screens:?}")
        };
        assert_eq!((screen.left, screen.top), (0, 0));
        assert_eq!(
            (screen.picture.width(), screen.picture.height()),
            (900, 700)
        );
        let found = decode(&screen.picture);
        assert_eq!(found[0].text, "nmshd://tr#abc");
        let corner = found[0].corners[0];
        assert!(corner.x.abs_diff(320) <= 3 && corner.y.abs_diff(220) <= 3);
    }

    #[test]
    fn without_a_display_there_is_no_screen() {
        assert_eq!(
            screens(Some(":9999")).unwrap_err(),
            ScanError::ScreenUnavailable
        );
    }

    #[test]
    fn colours_are_found_by_their_masks() {
        let visual = |red_mask, green_mask, blue_mask| Visualtype {
            red_mask,
            green_mask,
            blue_mask,
            ..Visualtype::default()
        };
        let usual = visual(0x00ff_0000, 0x0000_ff00, 0x0000_00ff);
        assert_eq!(channels(&usual, 0x0012_3456), [0x12, 0x34, 0x56]);
        let deep = visual(0x3ff0_0000, 0x000f_fc00, 0x0000_03ff);
        assert_eq!(channels(&deep, 0x3ff8_0200), [0xff, 0x80, 0x80]);
        assert_eq!(channels(&visual(0, 0, 0), 0x0012_3456), [0, 0, 0]);
    }
}

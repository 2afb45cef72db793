// Documents as they come by mail, made here.

/** A PDF with so many pages; `picture` (`{ width, height, grey }`) is painted on the page `on`, from 1. */
export function pdf(pages, on = 0, picture = null) {
    const objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""];
    const add = (text) => objects.push(text);
    if (picture) {
        const { width, height, grey } = picture;
        add(`<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /ASCIIHexDecode /Length ${grey.length * 2 + 1} >>\nstream\n${grey.toString("hex")}>\nendstream`);
        const paint = "q 300 0 0 300 100 300 cm /Code Do Q";
        add(`<< /Length ${paint.length} >>\nstream\n${paint}\nendstream`);
    }
    const first = objects.length + 1;
    for (let page = 1; page <= pages; page++) {
        const shows = picture && page === on ? "/Resources << /XObject << /Code 3 0 R >> >> /Contents 4 0 R" : "/Resources << >>";
        add(`<< /Type /Page /Parent 2 0 R /MediaBox [0 0 500 700] ${shows} >>`);
    }
    const kids = Array.from({ length: pages }, (_, page) => `${first + page} 0 R`).join(" ");
    objects[1] = `<< /Type /Pages /Count ${pages} /Kids [${kids}] >>`;

    let text = "%PDF-1.4\n";
    const places = objects.map((object, index) => {
        const place = text.length;
        text += `${index + 1} 0 obj\n${object}\nendobj\n`;
        return `${String(place).padStart(10, "0")} 00000 n \n`;
    });
    const start = text.length;
    text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.join("")}`;
    text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF\n`;
    return Buffer.from(text, "latin1");
}

#!/bin/sh
# Makes the folder that train_overlay_net and train_matte_net read: background pictures, marks, and lists of fonts.
#   prepare.sh CLIPS LOGOS OUT
# CLIPS, LOGOS: the test material (docs/building.md). Photographs, fonts and clip art are Debian's:
#   gnome-backgrounds mate-backgrounds plasma-workspace-wallpapers lomiri-wallpapers ukui-wallpapers
#   openclipart-png tuxpaint-stamps-default libfreetype-dev imagemagick ffmpeg, and the fonts-* named in ../overlay_net.md
# What is held out never comes into OUT/train: see held_clips, held_logos, and every fifth photograph.
set -eu
clips=$1 logos=$2 out=$3
# Clips whose licence allows it; the others serve neither training nor choice.
train_clips="blocks bedroom bunny sintel rooftop_1080p10 rooftop_1080p10_vfr_rotated dashcam"
held_clips="dog motorway flower rollercoaster nasa"
held_logos="badge_multicolour thin_text"
mkdir -p "$out/train/pictures" "$out/held/pictures" "$out/train/marks" "$out/held/marks"

# A frame now and then, and means over a second or more: what a still mark is looked for in.
for set in train held; do
  if [ $set = train ]; then names=$train_clips; else names=$held_clips; fi
  for name in $names; do
    ffmpeg -v error -y -i "$clips/$name.mp4" -vf "select=not(mod(n\,24))" -vsync 0 -frames:v 8 \
      -pix_fmt rgb24 "$out/$set/pictures/clip_${name}_%02d.png"
    ffmpeg -v error -y -i "$clips/$name.mp4" -vf "tmix=frames=24,select=not(mod(n+1\,24))" -vsync 0 -frames:v 4 \
      -pix_fmt rgb24 "$out/$set/pictures/mean_${name}_%02d.png"
  done
done

# Photographs, small and large: what is sharp at one size is soft at the other.
n=0
for file in $(find /usr/share/backgrounds /usr/share/wallpapers -type f \
    \( -name '*.jpg' -o -name '*.webp' -o -name '*.png' \) -size +60k ! -path '*screenshot*' \
    ! -path '*symbolic*' ! -path '*1080x1920*' ! -path '*720x1440*' ! -path '*ebian*' ! -path '*_5640*' \
    ! -path '*_3840*' ! -iname '*mate-*' ! -iname '*kde*' ! -iname '*logo*' ! -path '*ukui*logo*' | LC_ALL=C sort); do
  n=$((n + 1))
  if [ $((n % 5)) = 0 ]; then set=held; else set=train; fi
  case $file in  # wallpapers that are a mark on a plain ground
    */firstgeneration* | */fluent-color* | */focal-ubuntukylin* | */pixels-[dl]* | */Arc-Colors* | */Flow.png | */Spring.png | \
    */Waves.png | */Float-into* | */GreenTraditional* | */FlyingKonqui/*) continue ;;
  esac
  for width in 1600 800; do
    convert "$file[0]" -resize ${width}x -depth 8 -strip "PNG24:$out/$set/pictures/photo_$(printf %03d $n)_$width.png" || true
  done
done

# Marks with alpha: the logos, and clip art of the public domain.
for file in "$logos"/*.png; do
  name=$(basename "$file" .png)
  case " $held_logos " in *" $name "*) set=held ;; *) set=train ;; esac
  cp "$file" "$out/$set/marks/logo_$name.png"
done
n=0
find /usr/share/openclipart/png -name '*.png' -size -120k -size +2k | LC_ALL=C sort | awk 'NR % 4 == 0' | head -2000 |
  while read -r file; do
    n=$((n + 1))
    if [ $((n % 6)) = 0 ]; then set=held; else set=train; fi
    convert "$file" -trim +repage -resize '256x256>' -depth 8 -strip "PNG32:$out/$set/marks/art_$(printf %03d $n).png" || true
  done

# Things cut out of photographs, that may stand in a scene.
stamps=${STAMPS:-/usr/share/tuxpaint/stamps}
mkdir -p "$out/train/objects" "$out/held/objects"
n=0
find "$stamps/animals" "$stamps/food" "$stamps/hobbies" "$stamps/household" "$stamps/medical" \
  "$stamps/plants" "$stamps/sports" "$stamps/town/roadsigns" "$stamps/vehicles" "$stamps/symbols/money" \
  -name '*.png' ! -path '*cartoon*' ! -path '*00_symbols*' ! -name '*_mirror*' | LC_ALL=C sort |
  while read -r file; do
    n=$((n + 1))
    if [ $((n % 6)) = 0 ]; then set=held; else set=train; fi
    convert "$file" -trim +repage -resize '200x200>' -depth 8 -strip "PNG32:$out/$set/objects/$(printf %03d $n).png" || true
  done

# Fonts for words, and fonts of symbols; every seventh family is held out.
find /usr/share/fonts -type f \( -name '*.ttf' -o -name '*.otf' \) |
  grep -iE '/(dejavu|liberation|open-sans|lato|roboto|cantarell|quicksand|bebas|comfortaa|lobster|inconsolata|ebgaramond|adf/|urw-base35|dustin|paratype|libertine|vollkorn|karla|freefont|georgewilliams|tuffy|spartan|cabin|b612|manrope|sora|dosis|yanone|jura|play/|allerta|leckerli|kristi|dancing|opendin|smiley|mirage|murmure|quattrocento|crosextra|/inter/|wqy|nanum|vlgothic|aenigma/[^/]*[aei][^/]{3}\.|noto/NotoS(ans|erif|ansDisplay|erifDisplay|ansMono)-)' |
  grep -viE 'italic.*light|math|symbol' | LC_ALL=C sort > "$out/fonts"
awk 'NR % 7 != 0' "$out/fonts" > "$out/train/fonts"
awk 'NR % 7 == 0' "$out/fonts" > "$out/held/fonts"
find /usr/share/fonts -type f \( -name '*.ttf' -o -name '*.otf' \) |
  grep -iE 'awesome|materialdesign|symbola' | LC_ALL=C sort > "$out/train/symbols"
cp "$out/train/symbols" "$out/held/symbols"
